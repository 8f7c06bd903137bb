import { type FileKind, fileKinds, type Manifest } from '../copies/manifest-document.ts';
import type { Person } from '../people/person.ts';
import type { Language } from '../policy/policy.ts';
import { locationOf, provenCopies } from '../restore/manifest.ts';
import { hostCommands } from '../restore/node-commands.ts';
import type { RestorePlan } from '../restore/restore-plan.ts';
import type { RestoreStep } from '../restore/restore-steps.ts';
import { type RestoreRoom, type RoomPaper, type RoomStep, roomId, type StepText } from './room.ts';
import { type RoomChange, recorded, showAll, showFront } from './room-change.ts';

export interface Opening {
  readonly cluster: string;
  readonly plan: RestorePlan;
  /** Of each step of the plan, in its order. */
  readonly texts: readonly StepText[];
  readonly first: Pick<RoomPaper, 'before' | 'warnings'>;
  readonly language: Language;
  readonly by: Person;
  /** ms UTC */
  readonly now: number;
}

/** A room for this plan, its first step shown. Whether the cluster may have one is for the caller to look at. */
export function openRoom({ cluster, plan, texts, first, language, by, now }: Opening): RoomChange {
  const room: RestoreRoom = {
    id: roomId(cluster, now),
    cluster,
    openedAt: now,
    openedBy: by,
    paper: { ...paperOf(plan), language, ...first },
    steps: plan.steps.map((step, index) => roomStep(step, texts[index])),
    api: undefined,
    checks: undefined,
    pause: undefined,
    end: undefined,
    message: undefined,
    checksMessage: undefined,
  };
  const detail = { what: 'opened', steps: String(room.steps.length) };
  return recorded(showFront(showAll(room), now), { at: now, by, detail });
}

function paperOf({ manifest, chapter }: RestorePlan): Omit<RoomPaper, 'language' | 'before' | 'warnings'> {
  const { cluster, release, times, members, runId } = manifest;
  const writtenAt = times.written === undefined ? undefined : Date.parse(times.written);
  return {
    runId,
    zStream: release.zStream,
    clusterId: cluster.id,
    takenAt: Date.parse(times.started),
    members,
    chapter,
    writtenAt: writtenAt === undefined || Number.isNaN(writtenAt) ? undefined : writtenAt,
    locations: locationsOf(manifest),
    hostCommand: hostCommands(manifest)[0],
  };
}

/** Beside each file lies RESTORE.md; one that was kept under an object lock has a number in its name. */
function locationsOf({ files }: Manifest): RoomPaper['locations'] {
  const copies = fileKinds.flatMap((kind) => provenCopies(files[kind]));
  const found = copies.map((copy) => {
    const location = locationOf(copy);
    const { where } = copy.place;
    const path = `${location.slice(0, location.lastIndexOf('/') + 1)}RESTORE.md`;
    return { path, ...(where === undefined ? {} : { where }) };
  });
  return found.filter(({ path }, index) => found.findIndex((each) => each.path === path) === index);
}

function roomStep(
  { kind, phase, where, commands, params }: RestoreStep,
  text: StepText | undefined,
): RoomStep {
  if (!text) throw new Error(`step ${kind} of a restore has no words: a room cannot show it`);
  return {
    kind,
    phase,
    where,
    file: fileOf(params),
    commands,
    text,
    openedAt: undefined,
    holder: undefined,
    failures: [],
    end: undefined,
    message: undefined,
  };
}

function fileOf(params: RestoreStep['params']): FileKind | undefined {
  return 'file' in params ? params.file : undefined;
}
