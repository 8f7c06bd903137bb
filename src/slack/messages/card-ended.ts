import { blockers, type Finding, warnings } from '../../domain/finding.ts';
import type { BackupRun, RunSuccess } from '../../domain/run.ts';
import { stack } from './blocks.ts';
import { copyTrouble, isNotOffYet, truthLine } from './copies.ts';
import type { Voice } from './language.ts';
import { lines, type Markup, md } from './markup.ts';
import { approversOf, countFindings, failureText, runDurationMs } from './run-facts.ts';

// How a run ended, on its card.

export function succeeded(run: BackupRun, voice: Voice): readonly Markup[] {
  const { card } = voice.words;
  const t = voice.tools;
  const how = { durationMs: runDurationMs(run), approvers: approversOf(run) };
  const done = isNotOffYet(run) ? voice.words.copies.notOffYet(how, t) : card.succeeded(how, t);
  if (!run.success || !run.plan) return [lines(done, card.inThread())];
  const { snapshot, resources } = run.success.artifacts;
  const copies = run.success.copies ?? [];
  const result = card.result(
    {
      snapshotBytes: snapshot.size,
      snapshotSha: short(snapshot.sha256),
      resourcesBytes: resources.size,
      resourcesSha: short(resources.sha256),
      revision: snapshot.status?.revision,
    },
    t,
  );
  return [
    lines(done, result),
    ...(copies.length > 0 ? [offCluster(run.success, voice)] : []),
    lines(
      run.success.onNode === 'removed'
        ? undefined
        : card.where({ node: run.plan.node, directory: run.plan.directory }, t),
      md`${card.restoresOnly(run.plan.zStream, t)} · ${card.inThread()}`,
      copies.length === 0 ? card.copyOff() : undefined,
    ),
  ];
}

function offCluster(success: RunSuccess, voice: Voice): Markup {
  const drill = success.drill && voice.words.copies.drill(success.drill, voice.tools);
  return lines(truthLine(success, voice), ...copyTrouble(success, voice), drill);
}

export function failed(run: BackupRun, voice: Voice): readonly Markup[] {
  const { card, thread } = voice.words;
  if (!run.failed) return [lines(card.failed(), card.inThread())];
  const said = failureText(run.failed.failure, voice);
  const place = run.plan ? [card.planNode(run.plan, voice.tools)] : [];
  return [
    lines(card.failed(), ...place, said.failed),
    thread.means(said.means),
    lines(thread.next(said.next), card.inThread()),
  ];
}

export function blocked(run: BackupRun, { words, tools }: Voice): readonly Markup[] {
  const { card, thread } = words;
  // A plan can be missing for a fact that is only a warning: then that is the reason.
  const found = blockers(run.findings);
  const stopping = found.length > 0 ? found : warnings(run.findings);
  const reasons = stopping.map((each) => {
    const said = tools.finding(each);
    return lines(md`⛔ ${said.looked}: ${said.found}`, said.next ? thread.next(said.next) : undefined);
  });
  const retry = retryAt(stopping);
  return [
    lines(card.blocked(), card.counts(countFindings(run.findings), tools)),
    ...stack(reasons, { room: 6_000, more: card.moreInThread }),
    lines(
      card.nothingWasRun(),
      retry === undefined ? card.tryAgain(run.cluster, tools) : card.tryAgainAt(retry, tools),
      card.inThread(),
    ),
  ];
}

/** The latest time that a blocker names: before it, asking again is no use. */
function retryAt(findings: readonly Finding[]): number | undefined {
  const times = findings.flatMap((each) =>
    each.code === 'certificates.too-young' || each.code === 'certificates.installer-signer-in-use'
      ? [each.params.retryAt]
      : [],
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

export function ended(run: BackupRun, how: 'rejected' | 'cancelled', { words, tools }: Voice): Markup {
  return words.card.ended(
    { how, by: run.endedBy?.slackUser, at: run.finishedAt, reason: run.endReason },
    tools,
  );
}

function short(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
