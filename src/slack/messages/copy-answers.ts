import { fileKinds, locationOf, type Manifest, provenCopies } from '../../domain/manifest.ts';
import type { RejectedBackup, Unfit } from '../../domain/restore-choice.ts';
import type { RestorePlan } from '../../domain/restore-plan.ts';
import type { BackupRun } from '../../domain/run.ts';
import type { DrillAnswer, RestorePlanAnswer, VerifyAnswer } from '../../workflow/backups.ts';
import { refusal } from './answers.ts';
import { type Message, message } from './blocks.ts';
import { receiptSections } from './copies.ts';
import { type Voice, voiceFor } from './language.ts';
import { lines, type Markup } from './markup.ts';
import type { Context } from './tools.ts';

export function verifyAnswer(answer: VerifyAnswer, context: Context): Message {
  if (answer.outcome !== 'verified') return notVerified(answer, context);
  const voice = voiceFor(context);
  const { run } = answer;
  const copies = (run.success?.copies ?? []).filter(({ prunedAt }) => prunedAt === undefined);
  const whole = copies.length > 0 && copies.every(({ provenAt }) => provenAt !== undefined);
  const unread = copies.filter((copy) => copy.unread !== undefined).length;
  const said = { runId: run.id, cluster: run.cluster, whole, unread, count: copies.length };
  return message({
    sections: [voice.words.copies.answers.verified(said, voice.tools), ...receiptSections(run, voice)],
  });
}

export function drillAnswer(answer: DrillAnswer, context: Context): Message {
  const { words, tools } = voiceFor(context);
  const { copies } = words;
  switch (answer.outcome) {
    case 'drilled': {
      const { run, drill } = answer;
      return message({
        sections: [
          lines(
            copies.drill(drill, tools),
            copies.answers.drilled({ runId: run.id, cluster: run.cluster, drill }, tools),
          ),
        ],
      });
    }
    case 'no-etcd-tools':
      return message({ sections: [copies.answers.noEtcdTools(tools)] });
    case 'encrypted':
      return message({
        sections: [
          copies.answers.encrypted(
            { runId: answer.run.id, recipients: snapshotRecipients(answer.run) },
            tools,
          ),
        ],
      });
    default:
      return notVerified(answer, context);
  }
}

/** What `verify` and `drill` say while they take their time. */
export function meanwhileAnswer(what: 'verify' | 'drill', runId: string, context: Context): Message {
  const { words, tools } = voiceFor(context);
  return message({ sections: [words.copies.answers.meanwhile[what](runId, tools)] });
}

/** The bot stops in the middle of it. */
export function restartingAnswer(what: 'verify' | 'drill', runId: string, context: Context): Message {
  const { words, tools } = voiceFor(context);
  return message({ sections: [words.copies.answers.restarting(`${what} ${runId}`, tools)] });
}

/** Short: the whole plan goes as a file. `notDelivered`: why it could not be brought to the person. */
export function restorePlanAnswer(
  answer: RestorePlanAnswer,
  context: Context,
  notDelivered?: string | undefined,
): Message {
  if (answer.outcome !== 'restore-plan') return notVerified(answer, context);
  const voice = voiceFor(context);
  const { answers } = voice.words.copies;
  const file = notDelivered === undefined ? answers.inDirectMessages() : answers.notDelivered(notDelivered);
  if (answer.answer.outcome === 'plan') {
    return message({ sections: [...planSections(answer.answer.plan, voice), file] });
  }
  const { need, rejected } = answer.answer;
  const none = { cluster: answer.cluster, zStream: need.zStream, count: rejected.length };
  return message({
    sections: [lines(answers.planNone(none, voice.tools), ...others(rejected, voice)), file],
  });
}

function planSections(plan: RestorePlan, voice: Voice): readonly Markup[] {
  const { answers } = voice.words.copies;
  const t = voice.tools;
  const { manifest } = plan;
  const title = {
    cluster: manifest.cluster.name,
    runId: manifest.runId,
    zStream: manifest.release.zStream,
    takenAt: Date.parse(manifest.times.started),
  };
  return [
    lines(answers.planTitle(title, t), answers.lastResort()),
    lines(...fileLines(manifest, voice)),
    ...(plan.warnings.length > 0
      ? [lines(...plan.warnings.slice(0, 6).map((warning) => answers.warning(warning, t)))]
      : []),
    ...others(plan.rejected, voice),
  ];
}

function fileLines({ files }: Manifest, { words, tools }: Voice): readonly Markup[] {
  return fileKinds.flatMap((file) =>
    provenCopies(files[file])
      .slice(0, 2)
      .map((copy) =>
        words.copies.answers.planFile(
          {
            file,
            destination: copy.destination,
            location: locationOf(copy),
            encrypted: copy.encryptedFor.length > 0,
          },
          tools,
        ),
      ),
  );
}

/** Only how many: which they are, and why, stands in RESTORE.md. */
function others(rejected: readonly RejectedBackup[], { words }: Voice): readonly Markup[] {
  if (rejected.length === 0) return [];
  const counts: Partial<Record<Unfit['kind'], number>> = {};
  for (const { because } of rejected) counts[because.kind] = (counts[because.kind] ?? 0) + 1;
  return [words.copies.answers.others(counts)];
}

type NotVerified =
  | Exclude<VerifyAnswer, { outcome: 'verified' }>
  | Exclude<RestorePlanAnswer, { outcome: 'restore-plan' }>;

function notVerified(answer: NotVerified, context: Context): Message {
  const { words, tools } = voiceFor(context);
  const { answers } = words.copies;
  switch (answer.outcome) {
    case 'no-copies': {
      const { id: runId, plan } = answer.run;
      const place = plan && { node: plan.node, directory: plan.directory };
      return message({ sections: [answers.noCopies({ runId, place }, tools)] });
    }
    case 'no-backup': {
      const { id: runId, status } = answer.run;
      return message({ sections: [answers.noBackup({ runId, status }, tools)] });
    }
    case 'no-such-run': {
      const { runId, nearest } = answer;
      const asked = nearest === undefined ? { runId } : { runId, nearest };
      return message({ sections: [words.answers.noSuchRun(asked, tools)] });
    }
    default:
      return refusal(answer, context);
  }
}

function snapshotRecipients({ success }: BackupRun): readonly string[] {
  const copy = success?.copies?.find(({ file }) => file === 'snapshot');
  return (copy?.encryptFor ?? []).map(({ name }) => name);
}
