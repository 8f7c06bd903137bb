import { allProven, isSplit } from '../../domain/file-copy.ts';
import { blockers, type Finding } from '../../domain/finding.ts';
import type { ThreadEntry } from '../../domain/notice.ts';
import type { BackupRun } from '../../domain/run.ts';
import { auditLine } from './audit-line.ts';
import { type Message, message, stack } from './blocks.ts';
import { isNotOffYet, placeSections, receiptSections } from './copies.ts';
import { type Voice, voiceFor } from './language.ts';
import { codeBlock, lines, type Markup } from './markup.ts';
import { failureText, runDurationMs } from './run-facts.ts';
import type { Context } from './tools.ts';

/** One message in the thread under the run's card: the log and the audit that people read. */
export function threadMessage(entry: ThreadEntry, run: BackupRun, context: Context): Message {
  const voice = voiceFor(context);
  return message({ sections: entrySections(entry, run, voice) });
}

function entrySections(entry: ThreadEntry, run: BackupRun, voice: Voice): readonly Markup[] {
  const { words, tools } = voice;
  switch (entry.type) {
    case 'audit':
      return [auditLine(entry.event, voice)];
    case 'step':
      return [words.thread.stepLine({ at: entry.at, step: entry.step, detail: entry.detail }, tools)];
    case 'warning':
      return [words.thread.warning(tools.finding(entry.finding))];
    case 'details':
      return [
        words.thread.detailsTitle(run.cluster),
        ...findingSections(run.findings, voice, { planned: run.plan !== undefined }),
      ];
    case 'receipt':
      return receiptSections(run, voice);
    case 'manifest-missing':
      return [words.copies.manifestMissing(entry.destinations, tools)];
    case 'restore-files':
      return [restoreFilesLine(run, voice)];
    case 'report':
      return reportSections(run, voice);
    case 'failure':
      return failureSections(run, voice);
  }
}

function restoreFilesLine(run: BackupRun, { words }: Voice): Markup {
  return words.copies.restoreFiles({ cluster: run.cluster, zStream: run.plan?.zStream ?? '?' });
}

/** In place of manifest.json and RESTORE.md, which Slack did not take. */
export function restoreFilesMissing(run: BackupRun, why: string, context: Context): Message {
  const { words, tools } = voiceFor(context);
  return message({ sections: [words.copies.restoreFilesMissing({ cluster: run.cluster, why }, tools)] });
}

/** `planned`: the checks came to a plan. What a person must act on comes first; it is the passes that go when there is no room. */
export function findingSections(
  findings: readonly Finding[],
  { words, tools }: Voice,
  options: { readonly planned: boolean; readonly room?: number },
): readonly Markup[] {
  if (findings.length === 0) return [words.thread.nothingChecked()];
  let room = options.room ?? 10_500;
  const canRun = options.planned && blockers(findings).length === 0;
  return (['blocker', 'warning', 'later', 'passed'] as const).flatMap((outcome) => {
    const of = findings.filter((each) => each.outcome === outcome);
    if (of.length === 0) return [];
    const acted = outcome === 'blocker' || outcome === 'warning';
    const title = words.thread.group({ outcome, count: of.length, canRun });
    const entries = of.map((each, index) => {
      const said = tools.finding(each);
      const entry = acted ? words.thread.findingLong(said) : words.thread.findingShort(said);
      return index === 0 ? lines(title, entry) : entry;
    });
    const sections = stack(entries, {
      room,
      more: words.thread.moreFindings,
    });
    room -= sections.reduce((sum, each) => sum + each.source.length, 0);
    return sections;
  });
}

export function reportSections(run: BackupRun, { words, tools }: Voice): readonly Markup[] {
  const { thread } = words;
  const { plan, success } = run;
  if (!plan || !success) return [thread.noReport()];
  const { snapshot, resources } = success.artifacts;
  const place = { node: plan.node, directory: plan.directory };
  const encryption = encryptionOf(plan.encryptionType);
  const copies = success.copies ?? [];
  const removed = success.onNode === 'removed';
  const title = isNotOffYet(run)
    ? words.copies.notOffYetTitle(run.cluster)
    : thread.reportTitle(run.cluster, tools);
  // What was removed there must not be looked for there.
  const nameOf = (path: string) => (removed ? path.slice(path.lastIndexOf('/') + 1) : path);
  return [
    lines(title, removed ? words.copies.removedFromNode(plan.node, tools) : thread.reportPlace(place, tools)),
    thread.reportFile({ which: 'snapshot', ...snapshot, path: nameOf(snapshot.path) }, tools),
    thread.reportFile({ which: 'resources', ...resources, path: nameOf(resources.path) }, tools),
    lines(
      thread.reportNumbers(
        {
          revision: snapshot.status?.revision,
          keys: snapshot.status?.totalKey,
          durationMs: runDurationMs(run),
          scriptMs: success.scriptMs,
        },
        tools,
      ),
      thread.reportProven(),
    ),
    ...placeSections(run, { words, tools }),
    lines(
      thread.adviceTitle(),
      thread.adviceRestore({ zStream: plan.zStream, node: plan.node }, tools),
      allProven(copies) || removed ? undefined : thread.adviceCopy(place, tools),
      copies.length > 0 && isSplit(copies) ? undefined : thread.adviceApart({ encryption }),
      thread.adviceEncryption({ encryption, type: plan.encryptionType }, tools),
      plan.topology === 'DualReplica' ? thread.adviceDualReplica() : undefined,
    ),
    ...(success.sessionPodLeft ? [thread.podLeft(success.sessionPodLeft, tools)] : []),
  ];
}

/** OpenShift's words: nothing or `identity` is off; whatever else is not known to encrypt is not called safe. */
function encryptionOf(type: string): 'on' | 'off' | 'unknown' {
  if (type === '' || type === 'identity') return 'off';
  return ['aescbc', 'aesgcm', 'kms'].includes(type.toLowerCase()) ? 'on' : 'unknown';
}

export function failureSections(run: BackupRun, voice: Voice): readonly Markup[] {
  const { thread } = voice.words;
  const t = voice.tools;
  if (!run.failed) return [thread.noFailure()];
  const { failure, step, outputTail } = run.failed;
  const said = failureText(failure, voice);
  const output = codeBlock(outputTail);
  return [
    lines(thread.failureTitle({ cluster: run.cluster, step, at: run.finishedAt }, t), said.failed),
    ...planChangeSections(run, voice),
    thread.means(said.means),
    // Before the output: it is what the person came for.
    thread.next(said.next),
    leftOnNode(run, voice),
    ...(output ? [lines(thread.outputTitle(), output)] : []),
  ];
}

/** Silence is no proof: `nothing left` is said only where the run cannot have done anything on the node. */
function leftOnNode(run: BackupRun, { words, tools }: Voice): Markup {
  const left = run.failed?.left;
  if (left?.paths) return words.thread.left(left, tools);
  if (left) {
    const pod = left.sessionPod === undefined ? undefined : words.thread.podLeft(left.sessionPod, tools);
    return lines(words.thread.leftUnknown(run.plan, tools), pod);
  }
  const step = run.failed?.step;
  const lostTrack = run.failed?.failure.kind === 'interrupted' || run.failed?.failure.kind === 'internal';
  const before =
    step === undefined || step === 'checking-again' || (step === 'opening-session' && !lostTrack);
  return before ? words.thread.nothingLeft() : words.thread.leftUnknown(run.plan, tools);
}

function planChangeSections(run: BackupRun, { words, tools }: Voice): readonly Markup[] {
  const failure = run.failed?.failure;
  if (failure?.kind !== 'plan-changed') return [];
  const changes = failure.params.changes.map((change) => words.thread.planChange(change, tools));
  return stack(changes, { room: 3_000, more: words.thread.moreFindings });
}
