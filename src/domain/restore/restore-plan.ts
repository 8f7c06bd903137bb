import {
  type FileKind,
  fileKinds,
  type Manifest,
  type ManifestCopy,
  type ManifestFile,
} from '../copies/manifest-document.ts';
import { clusterSteps } from './cluster-steps.ts';
import * as commands from './file-commands.ts';
import { locationOf, provenCopies } from './manifest.ts';
import { nearestOf } from './nearest-backup.ts';
import { hostCommands, placeCommands, tidyCommands } from './node-commands.ts';
import { recoveryHost } from './recovery-host.ts';
import {
  chooseBackup,
  type RejectedBackup,
  type RestoreChoice,
  type RestoreNeed,
  type RestoreWarning,
  restoreWarnings,
} from './restore-choice.ts';
import {
  type Chapter,
  chapterOf,
  hasQuorumRestore,
  isNewerThanKnown,
  type Procedure,
  procedureOf,
} from './restore-procedure.ts';
import { type AbsentPhase, type RestoreStep, step } from './restore-steps.ts';

export interface RestorePlan {
  readonly manifest: Manifest;
  /** Age of the snapshot when the plan was made, ms. */
  readonly ageMs: number;
  readonly rejected: readonly RejectedBackup[];
  readonly warnings: readonly RestoreWarning[];
  readonly procedure: Procedure;
  readonly chapter: Chapter;
  /** The release is later than those whose documentation the steps come from. */
  readonly compareFirst: boolean;
  /** This release can repair lost quorum without a backup. */
  readonly quorumRestore: boolean;
  readonly steps: readonly RestoreStep[];
  /** Phases without a step, each with the reason. */
  readonly absent: readonly AbsentPhase[];
  readonly notes: readonly PlanNote[];
  /** How far the steps go. */
  readonly reach: PlanReach;
}

/**
 * to-the-end  every step
 * files       both files, on the host; how the cluster itself is restored is not documented, or not known here
 */
export type PlanReach = 'to-the-end' | 'files';

/** What the reader has to know of the procedure before the first step. */
type PlanNote =
  /** The documentation does not speak of restores with an arbiter node. */
  | 'arbiter'
  /** Up to 4.17 it has no text of its own for one node. */
  | 'single-node-by-hand'
  /** A candidate, nightly or CI build: the steps are those of its release line. */
  | 'pre-release';

export type RestoreAnswer =
  | { readonly outcome: 'plan'; readonly plan: RestorePlan }
  | (Extract<RestoreChoice, { outcome: 'none' }> & {
      /** What comes nearest to the one that is needed; undefined: there is nothing of this cluster. */
      readonly nearest: RejectedBackup | undefined;
    });

/** Which backup, and every step from its two files to a restored cluster. */
export function restorePlan(manifests: readonly Manifest[], need: RestoreNeed): RestoreAnswer {
  const choice = chooseBackup(manifests, need);
  if (choice.outcome === 'none') return { ...choice, nearest: nearestOf(choice.rejected) };
  const { manifest, rejected } = choice;
  const { zStream } = manifest.release;
  const procedure = procedureOf(zStream, manifest.topology);
  const warnings = restoreWarnings(manifest, need, rejected);
  const cluster = clusterSteps(manifest, procedure);
  const isKnown = procedure !== 'unknown' && procedure !== 'fencing-not-documented';
  const plan: RestorePlan = {
    manifest,
    ageMs: Math.max(0, need.now - Date.parse(manifest.times.started)),
    rejected,
    warnings,
    procedure,
    reach: isKnown ? 'to-the-end' : 'files',
    chapter: chapterOf(zStream, procedure),
    compareFirst: isNewerThanKnown(zStream),
    quorumRestore: procedure.startsWith('several-nodes') && hasQuorumRestore(zStream),
    steps: [...fileSteps(manifest, warnings), ...hostSteps(manifest), ...cluster.steps, tidyStep(manifest)],
    absent: cluster.absent,
    notes: notesOf(manifest, procedure),
  };
  return { outcome: 'plan', plan };
}

function notesOf({ release, topology }: Manifest, procedure: Procedure): readonly PlanNote[] {
  const notes: PlanNote[] = [];
  if (procedure === 'single-node-by-hand') notes.push(procedure);
  if (topology === 'HighlyAvailableArbiter' && procedure !== 'unknown') notes.push('arbiter');
  if (!/^\d+\.\d+\.\d+$/.test(release.zStream) && procedure !== 'unknown') notes.push('pre-release');
  return notes;
}

/** The proven copies of a file, those first whose place is the known one: the first is what a person fetches. */
export function copiesToFetch(
  file: ManifestFile,
  warnings: readonly RestoreWarning[],
): readonly ManifestCopy[] {
  const isInTrouble = ({ destination }: ManifestCopy) =>
    warnings.some((each) => each.kind === 'place-not-known' && each.destination === destination);
  const copies = provenCopies(file);
  return [...copies.filter((copy) => !isInTrouble(copy)), ...copies.filter(isInTrouble)];
}

function fileSteps(manifest: Manifest, warnings: readonly RestoreWarning[]): readonly RestoreStep[] {
  const { snapshot, resources } = manifest.files;
  return [
    step('fetch', 'room', 'here', {}, commands.roomCommands(manifest)),
    ...fileKinds.flatMap((kind) => fetchSteps(manifest, kind, warnings)),
    step('check', 'digests', 'here', {}, commands.digestsCommands(manifest)),
    step('check', 'trailer', 'here', {}, commands.trailerCommands(snapshot)),
    step('check', 'archive', 'here', {}, commands.archiveCommands(resources)),
  ];
}

function fetchSteps(
  manifest: Manifest,
  kind: FileKind,
  warnings: readonly RestoreWarning[],
): readonly RestoreStep[] {
  const file = manifest.files[kind];
  const [copy, ...rest] = copiesToFetch(file, warnings);
  if (!copy) return [];
  const { encryptedFor } = copy;
  const params = {
    file: kind,
    destination: copy.destination,
    custodians: copy.custodians,
    place: copy.place,
    also: rest.map((each: ManifestCopy) => ({
      destination: each.destination,
      location: locationOf(each),
      where: each.place.where,
    })),
    onNode: { node: manifest.node.name, path: file.nodePath },
  };
  const fetch = step('fetch', 'fetch', 'here', params, commands.fetchCommands(file, copy));
  if (encryptedFor.length === 0) return [fetch];
  const decrypt = { file: kind, recipients: encryptedFor };
  return [fetch, step('fetch', 'decrypt', 'here', decrypt, commands.decryptCommands(file))];
}

function hostSteps(manifest: Manifest): readonly RestoreStep[] {
  const arbiter = manifest.topology === 'HighlyAvailableArbiter';
  const { members, etcdMembers } = manifest;
  const host = {
    host: recoveryHost(manifest),
    only: members.length === 1 || manifest.topology === 'SingleReplica',
    arbiter,
    members: etcdMembers?.readAt == null ? undefined : etcdMembers,
  };
  const directory = commands.hostDirectory(manifest);
  return [
    step('check', 'recovery-host', 'here', host, hostCommands(manifest)),
    step('check', 'place', 'nodes', { directory }, placeCommands(manifest)),
  ];
}

function tidyStep(manifest: Manifest): RestoreStep {
  const directory = commands.hostDirectory(manifest);
  const params = { directory, cluster: manifest.cluster.name, runId: manifest.runId };
  return step('clean-up', 'tidy', 'nodes', params, tidyCommands(manifest));
}
