import { allProven, isSplit } from '../../../domain/copies/file-copy.ts';
import { blockers } from '../../../domain/preflight/finding.ts';
import { isUseless } from '../../../domain/run/backup-worth.ts';
import type { ThreadEntry } from '../../../domain/run/notice.ts';
import { type BackupRun, isOffNode } from '../../../domain/run/run.ts';
import { copyTrouble, placeSections, receiptSections, truthLine } from '../copies/copies.ts';
import { copyWords, placeWords, retentionWords } from '../copies/words.ts';
import { type Message, message, stack } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { codeBlock, lines, type Markup, md } from '../kit/markup.ts';
import type { Spoken } from '../kit/spoken-text.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { countFindings, findingSections } from '../preflight/finding-sections.ts';
import { findingText, reasonLines } from '../preflight/findings.ts';
import { checkWords } from '../preflight/words.ts';
import { auditLine } from './audit-line.ts';
import { succeededNext } from './card-ended.ts';
import { failureText, poorWorth, runDurationMs, stageOf } from './run-facts.ts';
import { threadWords, worthWords } from './words.ts';

/** One message in the thread under the run's card: the log and the audit that people read. */
export function threadMessage(entry: ThreadEntry, run: BackupRun, context: Context): Message {
  const t = toolsFor(context);
  return message({
    sections: entrySections(entry, run, t),
    text: spokenEntry(entry, run, t),
    rest: t.restInFile(run.id),
  });
}

/** Of a long entry what it comes to; a short one is its own text. */
function spokenEntry(entry: ThreadEntry, run: BackupRun, t: Tools): Spoken {
  switch (entry.type) {
    case 'details': {
      const counts = checkWords(t).counts(countFindings(run.findings));
      return [threadWords(t).detailsTitle(run.cluster), counts, ...reasonLines(blockers(run.findings), t)];
    }
    case 'receipt':
      return run.success
        ? [reportTitle(run, t), truthLine(run.success, t), ...copyTrouble(run.success, t)]
        : [copyWords(t).noReport()];
    case 'report':
      return run.success
        ? [reportTitle(run, t), truthLine(run.success, t), succeededNext(run, t)]
        : [copyWords(t).noReport()];
    case 'failure': {
      if (!run.failed) return [threadWords(t).noFailure()];
      const { step } = run.failed;
      const said = failureText(run.failed, t);
      const title = threadWords(t).failureTitle({ cluster: run.cluster, step, at: run.finishedAt });
      return [title, said.failed, threadWords(t).next(said.next)];
    }
    default:
      return entrySections(entry, run, t);
  }
}

function entrySections(entry: ThreadEntry, run: BackupRun, t: Tools): readonly Markup[] {
  switch (entry.type) {
    case 'audit':
      return [auditLine(entry.event, t)];
    case 'step':
      return [threadWords(t).stepLine({ at: entry.at, step: entry.step, detail: entry.detail })];
    case 'awaits-pod':
      return [threadWords(t).awaitsPod(entry)];
    case 'drill-waits':
      return [threadWords(t).drillWaits(entry)];
    case 'warning':
      return [checkWords(t).warning(findingText(entry.finding, t))];
    case 'details':
      return [
        threadWords(t).detailsTitle(run.cluster),
        ...findingSections(run.findings, t, { planned: run.plan !== undefined }),
      ];
    case 'receipt':
      return receiptSections(run, t);
    case 'drill':
      return [copyWords(t).drill(entry.drill)];
    case 'manifest-missing':
      return [copyWords(t).manifestMissing(entry.destinations)];
    case 'retention-stopped':
      return [retentionWords(t)({ cluster: run.cluster, stop: entry.stop })];
    case 'place-not-known':
      return [placeWords(t).written(entry)];
    case 'restore-files':
      return [restoreFilesLine(run, t)];
    case 'report':
      return reportSections(run, t);
    case 'failure':
      return failureSections(run, t);
  }
}

function restoreFilesLine(run: BackupRun, t: Tools): Markup {
  return copyWords(t).restoreFiles({ cluster: run.cluster, zStream: run.plan?.zStream ?? '?' });
}

/** In place of manifest.json and RESTORE.md, which Slack did not take. */
export function restoreFilesMissing(run: BackupRun, why: string, context: Context): Message {
  const t = toolsFor(context);
  return message({ sections: [copyWords(t).restoreFilesMissing({ cluster: run.cluster, why })] });
}

export function reportSections(run: BackupRun, t: Tools): readonly Markup[] {
  const thread = threadWords(t);
  const { plan, success } = run;
  if (!plan || !success) return [copyWords(t).noReport()];
  const { snapshot, resources } = success.artifacts;
  const place = { node: plan.node, directory: plan.directory };
  const encryption = encryptionOf(plan.encryptionType);
  const copies = success.copies ?? [];
  const removed = isOffNode(success);
  const useless = isUseless(poorWorth(run));
  const title = reportTitle(run, t);
  // What was removed there must not be looked for there.
  const nameOf = (path: string) => (removed ? path.slice(path.lastIndexOf('/') + 1) : path);
  return [
    lines(title, removed ? copyWords(t).removedFromNode(plan.node) : thread.reportPlace(place)),
    thread.reportFile({ which: 'snapshot', ...snapshot, path: nameOf(snapshot.path) }),
    thread.reportFile({ which: 'resources', ...resources, path: nameOf(resources.path) }),
    lines(
      thread.reportNumbers({
        revision: snapshot.status?.revision,
        keys: snapshot.status?.totalKey,
        durationMs: runDurationMs(run),
        scriptMs: success.scriptMs,
      }),
      snapshot.status === undefined ? thread.reportNoStatus() : undefined,
      thread.reportProven(),
    ),
    ...placeSections(run, t),
    lines(
      thread.adviceTitle(),
      useless
        ? worthWords(t).makeNew(run.cluster)
        : thread.adviceRestore({ zStream: plan.zStream, node: plan.node }),
      allProven(copies) || removed ? undefined : thread.adviceCopy(place),
      copies.length > 0 && isSplit(copies) ? undefined : thread.adviceApart({ encryption }),
      thread.adviceEncryption({ encryption, type: plan.encryptionType }),
      plan.topology === 'DualReplica' ? thread.adviceDualReplica() : undefined,
    ),
    ...(success.sessionPodLeft ? [thread.podLeft(success.sessionPodLeft)] : []),
  ];
}

function reportTitle(run: BackupRun, t: Tools): Markup {
  const worth = poorWorth(run);
  return worth
    ? worthWords(t).title({ worth, cluster: run.cluster })
    : threadWords(t).reportTitle(run.cluster);
}

/** OpenShift's words: nothing or `identity` is off; whatever else is not known to encrypt is not called safe. */
function encryptionOf(type: string): 'on' | 'off' | 'unknown' {
  if (type === '' || type === 'identity') return 'off';
  return ['aescbc', 'aesgcm', 'kms'].includes(type.toLowerCase()) ? 'on' : 'unknown';
}

export function failureSections(run: BackupRun, t: Tools): readonly Markup[] {
  const thread = threadWords(t);
  if (!run.failed) return [thread.noFailure()];
  const { step, outputTail } = run.failed;
  const said = failureText(run.failed, t);
  const output = codeBlock(outputTail);
  return [
    lines(thread.failureTitle({ cluster: run.cluster, step, at: run.finishedAt }), said.failed),
    ...planChangeSections(run, t),
    thread.means(said.means),
    // Before the output: it is what the person came for.
    thread.next(said.next),
    leftOnNode(run, t),
    ...(output ? [lines(thread.outputTitle(), output)] : []),
  ];
}

/** Silence is no proof: `nothing left` is said only where the run cannot have done anything on the node. */
function leftOnNode(run: BackupRun, t: Tools): Markup {
  const thread = threadWords(t);
  const left = run.failed?.left;
  if (!left) {
    const begun = run.failed ? stageOf(run.failed).begun : true;
    return begun ? thread.leftUnknown(run.plan) : thread.nothingLeft();
  }
  const pod = left.sessionPod === undefined ? undefined : thread.podLeft(left.sessionPod);
  const files = left.paths ? thread.left(left) : lines(thread.leftUnknown(run.plan), pod);
  return lines(files, run.failed?.cleanUp ? thread.cleanUpDue() : undefined);
}

function planChangeSections(run: BackupRun, t: Tools): readonly Markup[] {
  const failure = run.failed?.failure;
  if (failure?.kind !== 'plan-changed') return [];
  const changes = failure.params.changes.map((change) => threadWords(t).planChange(change));
  return stack(changes, { room: 3_000, more: (count) => md`… ${t.units.more(count)}` });
}
