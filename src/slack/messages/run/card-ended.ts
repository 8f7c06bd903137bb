import { blockers, type Finding, warnings } from '../../../domain/preflight/finding.ts';
import { isUseless } from '../../../domain/run/backup-worth.ts';
import { isDisproven } from '../../../domain/run/proven-backup.ts';
import { type BackupRun, isOffNode, type RunSuccess } from '../../../domain/run/run.ts';
import { copyTrouble, drillLines, truthLine } from '../copies/copies.ts';
import { stack } from '../kit/blocks.ts';
import { lines, type Markup, md } from '../kit/markup.ts';
import type { Tools } from '../kit/tools.ts';
import { countFindings } from '../preflight/finding-sections.ts';
import { findingText, reasonLines } from '../preflight/findings.ts';
import { checkWords } from '../preflight/words.ts';
import { approversOf, doneLine, failureText, poorWorth, runDurationMs } from './run-facts.ts';
import { cardWords, threadWords, worthWords } from './words.ts';

// How a run ended, on its card.

export function endedHeadline(
  run: BackupRun,
  how: 'succeeded' | 'failed' | 'blocked' | 'rejected' | 'cancelled',
  t: Tools,
): Markup {
  const card = cardWords(t);
  switch (how) {
    case 'succeeded':
      return doneLine(run, { durationMs: runDurationMs(run), approvers: approversOf(run) }, t);
    case 'failed':
      return run.plan ? md`${card.failed()} · ${card.planNode(run.plan)}` : card.failed();
    case 'blocked':
      return card.blocked();
    default:
      return ended(run, how, t);
  }
}

export function succeeded(run: BackupRun, t: Tools): readonly Markup[] {
  const card = cardWords(t);
  if (!run.success || !run.plan) return [card.inThread()];
  const { snapshot, resources } = run.success.artifacts;
  const copies = run.success.copies ?? [];
  const worth = poorWorth(run);
  const useless = isUseless(worth);
  const result = card.result({
    snapshotBytes: snapshot.size,
    snapshotSha: short(snapshot.sha256),
    resourcesBytes: resources.size,
    resourcesSha: short(resources.sha256),
    revision: snapshot.status?.revision,
    whole: !useless,
  });
  return [
    result,
    ...(copies.length > 0 ? [offCluster(run.success, t)] : []),
    lines(
      isOffNode(run.success) ? undefined : card.where({ node: run.plan.node, directory: run.plan.directory }),
      useless ? worthWords(t).makeNew(run.cluster) : undefined,
      useless || worth?.kind === 'removed'
        ? card.inThread()
        : md`${card.restoresOnly(run.plan.zStream)} · ${card.inThread()}`,
      worth?.kind === 'node-only' ? card.copyOff() : undefined,
    ),
  ];
}

function offCluster(success: RunSuccess, t: Tools): Markup {
  return lines(truthLine(success, t), ...copyTrouble(success, t), ...drillLines(success, t));
}

export function failed(run: BackupRun, t: Tools): readonly Markup[] {
  const card = cardWords(t);
  const thread = threadWords(t);
  if (!run.failed) return [card.inThread()];
  const said = failureText(run.failed, t);
  return [said.failed, thread.means(said.means), lines(thread.next(said.next), card.inThread())];
}

export function blocked(run: BackupRun, t: Tools): readonly Markup[] {
  const card = cardWords(t);
  const thread = threadWords(t);
  // A plan can be missing for a fact that is only a warning: then that is the reason.
  const stopping = stoppingFindings(run);
  const reasons = stopping.map((each) => {
    const said = findingText(each, t);
    return lines(md`⛔ ${said.looked}: ${said.found}`, said.next ? thread.next(said.next) : undefined);
  });
  return [
    ...stack(reasons, { room: 6_000, more: card.moreInThread }),
    lines(
      card.nothingWasRun(),
      askAgain(run, t),
      md`${checkWords(t).counts(countFindings(run.findings))} · ${card.inThread()}`,
    ),
  ];
}

/** For the notification: what to settle first, and what then. */
export function blockedNext(run: BackupRun, t: Tools): Markup {
  const reasons = reasonLines(stoppingFindings(run), t);
  const [nothing, again] = [cardWords(t).nothingWasRun(), askAgain(run, t)];
  return lines(...reasons, again ? md`${nothing} ${again}` : nothing);
}

/** Undefined: the one reason that names a time says it in its next step. */
function askAgain(run: BackupRun, t: Tools): Markup | undefined {
  const times = retryTimes(stoppingFindings(run));
  if (times.length === 1) return undefined;
  return times.length === 0
    ? cardWords(t).tryAgain(run.cluster)
    : cardWords(t).tryAgainAt(Math.max(...times));
}

/** For the notification: what the backup still lacks. */
export function succeededNext({ plan, success }: BackupRun, t: Tools): Markup | undefined {
  const card = cardWords(t);
  if (!success || !plan) return undefined;
  const copies = success.copies ?? [];
  if (copies.length === 0) return card.copyOff();
  const trouble = copyTrouble(success, t);
  if (trouble.length > 0) return lines(...trouble);
  return isDisproven(success) ? lines(...drillLines(success, t)) : card.restoresOnly(plan.zStream);
}

function stoppingFindings({ findings }: BackupRun): readonly Finding[] {
  const found = blockers(findings);
  return found.length > 0 ? found : warnings(findings);
}

/** The times that blockers name: before the latest, asking again is no use. */
function retryTimes(findings: readonly Finding[]): readonly number[] {
  return findings.flatMap((each) =>
    each.code === 'certificates.too-young' || each.code === 'certificates.installer-signer-in-use'
      ? [each.params.retryAt]
      : [],
  );
}

export function ended(run: BackupRun, how: 'rejected' | 'cancelled', t: Tools): Markup {
  return cardWords(t).ended({ how, by: run.endedBy?.slackUser, at: run.finishedAt, reason: run.endReason });
}

function short(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
