import { isLeaving } from '../../../domain/copies/file-copy.ts';
import { fileKinds } from '../../../domain/copies/manifest-document.ts';
import { locationOf } from '../../../domain/restore/manifest.ts';
import {
  type RejectedBackup,
  type RestoreWarning,
  type Unfit,
  wantedZStream,
} from '../../../domain/restore/restore-choice.ts';
import { copiesToFetch, type RestorePlan } from '../../../domain/restore/restore-plan.ts';
import { hasQuorumRestore } from '../../../domain/restore/restore-procedure.ts';
import type { BackupRun } from '../../../domain/run/run.ts';
import type {
  DrillAnswer,
  KnownCluster,
  RestorePlanAnswer,
  VerifyAnswer,
} from '../../../workflow/access/backups.ts';
import type { SeatHolder } from '../../../workflow/ports/drill-seat.ts';
import { type Message, message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup } from '../kit/markup.ts';
import { refusal } from '../kit/refusal.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { receiptSections, truthLine } from './copies.ts';
import { copyAnswerWords, copyWords } from './words.ts';

export function verifyAnswer(answer: VerifyAnswer, context: Context): Message {
  if (answer.outcome !== 'verified') return notVerified(answer, context);
  const t = toolsFor(context);
  const { run } = answer;
  const copies = (run.success?.copies ?? []).filter((copy) => !isLeaving(copy));
  const whole = copies.length > 0 && copies.every(({ provenAt }) => provenAt !== undefined);
  const unread = copies.filter((copy) => copy.unread !== undefined).length;
  const said = { runId: run.id, cluster: run.cluster, whole, unread, count: copies.length };
  const verdict = copyAnswerWords(t).verified(said);
  return message({
    sections: [verdict, ...receiptSections(run, t)],
    text: [verdict, run.success && truthLine(run.success, t)],
    rest: t.restInFile(run.id),
  });
}

export function drillAnswer(answer: DrillAnswer, context: Context): Message {
  const t = toolsFor(context);
  const answers = copyAnswerWords(t);
  switch (answer.outcome) {
    case 'drilled': {
      const { run, drill } = answer;
      return message({
        sections: [
          lines(copyWords(t).drill(drill), answers.drilled({ runId: run.id, cluster: run.cluster, drill })),
        ],
      });
    }
    case 'no-etcd-tools':
      return message({ sections: [answers.noEtcdTools(answer.problems)] });
    case 'drill-under-way': {
      const { run, holder } = answer;
      return message({
        sections: [answers.drillUnderWay({ runId: run.id, since: holder.since })],
      });
    }
    case 'drill-waits-already':
    case 'drill-waited-in-vain': {
      const { run, holder, outcome } = answer;
      const say = outcome === 'drill-waits-already' ? answers.drillWaitsAlready : answers.drillWaitTimedOut;
      return message({ sections: [say({ runId: run.id, holder })] });
    }
    case 'encrypted':
      return message({
        sections: [answers.encrypted({ runId: answer.run.id, recipients: snapshotRecipients(answer.run) })],
      });
    default:
      return notVerified(answer, context);
  }
}

/** What `verify` and `drill` say while they take their time. */
export function meanwhileAnswer(what: 'verify' | 'drill', runId: string, context: Context): Message {
  const t = toolsFor(context);
  return message({ sections: [copyAnswerWords(t).meanwhile[what](runId)] });
}

/** What `drill` says while it waits for the end of another one. */
export function drillWaitsAnswer(runId: string, holder: SeatHolder | undefined, context: Context): Message {
  const t = toolsFor(context);
  return message({ sections: [copyAnswerWords(t).drillWaits({ runId, holder })] });
}

/** The bot stops in the middle of it. */
export function restartingAnswer(what: 'verify' | 'drill', runId: string, context: Context): Message {
  const t = toolsFor(context);
  return message({ sections: [copyAnswerWords(t).restarting(`${what} ${runId}`)] });
}

/** Short: the whole plan goes as a file. `notDelivered`: why it could not be delivered to the person. */
export function restorePlanAnswer(
  answer: RestorePlanAnswer,
  context: Context,
  notDelivered?: string | undefined,
): Message {
  if (answer.outcome !== 'restore-plan') return notVerified(answer, context);
  const t = toolsFor(context);
  const answers = copyAnswerWords(t);
  const reach = answer.answer.outcome === 'plan' ? answer.answer.plan.reach : 'none';
  const file =
    notDelivered === undefined ? answers.inDirectMessages(reach) : answers.notDelivered(notDelivered, reach);
  if (answer.answer.outcome === 'plan') {
    const sections = planSections(answer.answer.plan, answer.known, t);
    const room = answers.stepByStep(answer.answer.plan.manifest.runId);
    return message({
      sections: [...sections, lines(file, room)],
      text: [...sections.slice(0, 1), file],
      rest: file,
    });
  }
  const { need, rejected, nearest } = answer.answer;
  const zStream = wantedZStream(need);
  const seenAt = zStream !== undefined && need.zStream === undefined ? need.seen?.at : undefined;
  const before = need.before?.at;
  const none = { cluster: answer.cluster, zStream, seenAt, before, count: rejected.length };
  const said = answers.planNone(none);
  const near = nearest && answers.nearest({ runId: nearest.manifest.runId, because: nearest.because.kind });
  return message({
    sections: [
      lines(said, ...(near ? [near] : []), ...others(rejected, t)),
      ...(zStream === undefined || hasQuorumRestore(zStream) ? [answers.quorumRestore()] : []),
      file,
    ],
    text: [said, file],
    rest: file,
  });
}

function planSections(plan: RestorePlan, known: KnownCluster | undefined, t: Tools): readonly Markup[] {
  const answers = copyAnswerWords(t);
  const { manifest } = plan;
  const title = {
    cluster: manifest.cluster.name,
    runId: manifest.runId,
    zStream: manifest.release.zStream,
    takenAt: Date.parse(manifest.times.started),
  };
  return [
    lines(answers.planTitle(title), answers.lastResort()),
    lines(...fileLines(plan, t)),
    ...(plan.warnings.length > 0
      ? [lines(...plan.warnings.slice(0, 6).map((warning) => answers.warning(warning)))]
      : []),
    ...mayLackLines(plan, t),
    ...(known ? [knownLines(plan, known, t)] : []),
    ...others(plan.rejected, t),
  ];
}

/** They were rejected newest first: the last ones came soonest after the moment, and are the ones in doubt. */
const mostNamed = 3;

function mayLackLines({ rejected }: RestorePlan, t: Tools): readonly Markup[] {
  const named = rejected.flatMap(({ manifest, because }) =>
    because.kind === 'may-lack' ? [{ runId: manifest.runId, ended: Date.parse(because.ended) }] : [],
  );
  return named.length === 0
    ? []
    : [lines(...named.slice(-mostNamed).map((each) => copyAnswerWords(t).mayLack(each)))];
}

/** What the bot knows of the cluster, each with its time: it may be long ago. */
function knownLines({ warnings }: RestorePlan, known: KnownCluster, t: Tools): Markup {
  const answers = copyAnswerWords(t);
  const { seen, silentSince, members } = known;
  // A warning that names the release says when, too.
  const warned = warnings.some(({ kind }) => releaseWarnings.includes(kind));
  const on = seen?.kind === 'on' ? answers.seenOn(seen) : answers.neverSeen();
  return lines(
    ...(warned ? [] : [on]),
    ...(silentSince === undefined ? [] : [answers.silentSince(silentSince)]),
    members ? answers.membersKnown(members) : answers.membersNotKnown(),
  );
}

const releaseWarnings: readonly RestoreWarning['kind'][] = [
  'z-stream-seen',
  'z-stream-differs',
  'z-stream-unknown',
  'update-seen',
];

function fileLines({ manifest: { files }, warnings }: RestorePlan, t: Tools): readonly Markup[] {
  return fileKinds.flatMap((file) =>
    copiesToFetch(files[file], warnings)
      .slice(0, 2)
      .map((copy) =>
        copyAnswerWords(t).planFile({
          file,
          destination: copy.destination,
          location: locationOf(copy),
          where: copy.place.where,
          provenAt: Date.parse(copy.provenAt ?? ''),
          encrypted: copy.encryptedFor.length > 0,
        }),
      ),
  );
}

/** Only how many: which they are, and why, is in RESTORE.md. */
function others(rejected: readonly RejectedBackup[], t: Tools): readonly Markup[] {
  if (rejected.length === 0) return [];
  const counts: Partial<Record<Unfit['kind'], number>> = {};
  for (const { because } of rejected) counts[because.kind] = (counts[because.kind] ?? 0) + 1;
  return [copyAnswerWords(t).others(counts)];
}

type NotVerified =
  | Exclude<VerifyAnswer, { outcome: 'verified' }>
  | Exclude<RestorePlanAnswer, { outcome: 'restore-plan' }>;

function notVerified(answer: NotVerified, context: Context): Message {
  const t = toolsFor(context);
  const answers = copyAnswerWords(t);
  switch (answer.outcome) {
    case 'no-copies': {
      const { id: runId, plan } = answer.run;
      const place = plan && { node: plan.node, directory: plan.directory };
      return message({ sections: [answers.noCopies({ runId, place })] });
    }
    case 'no-such-moment':
      return message({ sections: [answers.noSuchMoment(answer)] });
    case 'no-backup': {
      const { id: runId, status } = answer.run;
      return message({ sections: [answers.noBackup({ runId, status })] });
    }
    default:
      return refusal(answer, context);
  }
}

function snapshotRecipients({ success }: BackupRun): readonly string[] {
  const copy = success?.copies?.find(({ file }) => file === 'snapshot');
  return (copy?.encryptFor ?? []).map(({ name }) => name);
}
