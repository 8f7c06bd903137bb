import { asksNobody } from '../../domain/approval.ts';
import { blockers, type Finding, warnings } from '../../domain/finding.ts';
import type { ClusterPolicy } from '../../domain/policy.ts';
import type { BackupRun, RunSuccess } from '../../domain/run.ts';
import { type Message, message, stack } from './blocks.ts';
import { cardButtons } from './card-buttons.ts';
import type { Counts } from './card-wording.ts';
import { copyProgress, copyTrouble, isNotOffYet, plannedCopies, truthLine } from './copies.ts';
import { type Voice, voiceFor } from './language.ts';
import { join, lines, type Markup, md } from './markup.ts';
import type { Context } from './tools.ts';

export type CardContext = Context & { readonly policy: ClusterPolicy };

/** The one message that a run owns, as the run is now. Its buttons carry ids and nothing else. */
export function runCard(run: BackupRun, context: CardContext): Message {
  const voice = voiceFor(context);
  const { card } = voice.words;
  return message({
    sections: [title(run, voice), ...body(run, context, voice)],
    buttons: cardButtons(run, voice),
    footer: card.footer({ runId: run.id }, voice.tools),
    text: card.summary(
      {
        cluster: run.cluster,
        status: statusText(run, voice),
        emergency: run.emergency !== undefined,
      },
      voice.tools,
    ),
  });
}

/** The run's status in words; a backup that did not leave the cluster is not called backed up. */
export function statusText(run: BackupRun, { words }: Voice): Markup {
  return isNotOffYet(run) ? words.copies.notOffYetStatus() : words.terms.status[run.status];
}

export function countFindings(findings: readonly Finding[]): Counts {
  const count = (outcome: Finding['outcome']) => findings.filter((each) => each.outcome === outcome).length;
  return {
    passed: count('passed'),
    warnings: count('warning'),
    blockers: count('blocker'),
    later: count('later'),
  };
}

export function runDurationMs(run: BackupRun): number | undefined {
  return run.startedAt === undefined || run.finishedAt === undefined
    ? undefined
    : run.finishedAt - run.startedAt;
}

export function approversOf(run: BackupRun): readonly string[] {
  return run.votes
    .filter((vote) => vote.decision === 'approve' && vote.standing === 'counted')
    .map((vote) => vote.person.slackUser);
}

function title(run: BackupRun, { words, tools }: Voice): Markup {
  const scheduled = run.origin.kind === 'schedule';
  const head = words.card.title(
    { cluster: run.cluster, zStream: run.plan?.zStream, status: run.status },
    tools,
  );
  const by = words.card.requestedBy(
    { slackUser: run.requester.slackUser, reason: run.reason, scheduled },
    tools,
  );
  const emergency = emergencyLine(run, { words, tools });
  // The emergency line names the person already.
  if (emergency && run.reason === undefined) return lines(head, emergency);
  return lines(md`${head} · ${by}`, emergency);
}

/** Stands wherever the run is shown, for ever. */
export function emergencyLine(run: BackupRun, { words, tools }: Voice): Markup | undefined {
  if (run.emergency === undefined) return undefined;
  const { slackUser } = run.requester;
  return words.card.emergency({ slackUser, why: run.emergency, alone: nobodyAsked(run) }, tools);
}

/** When an emergency run's plan changes, people are asked after all. */
function nobodyAsked(run: BackupRun): boolean {
  const asked = run.status === 'waiting' || run.planRevision > 1 || run.votes.length > 0;
  return run.emergency !== undefined && !asked;
}

function body(run: BackupRun, context: CardContext, voice: Voice): readonly Markup[] {
  const { card } = voice.words;
  const t = voice.tools;
  switch (run.status) {
    case 'requested':
      return [card.checking(run.nodeWanted, t)];
    case 'waiting':
      return [
        ...planChanged(run, voice),
        ...planSection(run, voice),
        ...checks(run, voice),
        waitingFor(run, context, voice),
      ];
    case 'approved':
      return [
        ...planSection(run, voice),
        ...checks(run, voice),
        lines(
          card.approved({ alone: nobodyAsked(run), bySchedule: asksNobody(run) }, t),
          ...votes(run, voice),
        ),
      ];
    case 'running':
      return [
        ...planSection(run, voice),
        lines(
          card.running({ step: run.step, since: run.startedAt }, t),
          ...copyProgress(run, voice),
          ...votes(run, voice),
        ),
      ];
    case 'succeeded':
      return succeeded(run, voice);
    case 'failed':
      return failed(run, voice);
    case 'blocked':
      return blocked(run, voice);
    case 'refused':
      return [lines(card.refused(), card.nothingWasRun())];
    case 'rejected':
    case 'cancelled':
      return [lines(ended(run, run.status, voice), card.nothingWasRun())];
    case 'expired':
      return [lines(card.expired(run.expiresAt, t), card.nothingWasRun())];
  }
}

/** People look at this card for the second time: what is not the same comes first. */
function planChanged(run: BackupRun, { words, tools }: Voice): readonly Markup[] {
  return run.planRevision > 1
    ? [words.card.planChanged({ changes: run.planChanges, emergency: run.emergency !== undefined }, tools)]
    : [];
}

function planSection(run: BackupRun, voice: Voice): readonly Markup[] {
  const { words, tools } = voice;
  const plan = run.plan;
  if (!plan) return [];
  const peak = run.findings.find(
    (each) => each.code === 'off-peak.inside' || each.code === 'off-peak.outside',
  );
  const facts = [
    words.card.planNode(plan, tools),
    ...(peak ? [words.card.offPeak(peak.code === 'off-peak.inside')] : []),
    words.card.proxy(plan.proxyInUse),
    words.card.encryption(plan.encryptionType, tools),
  ];
  const goesTo = plannedCopies(plan.copies ?? [], voice);
  return [lines(join(facts, ' · '), ...(goesTo.length > 0 ? goesTo : [words.card.directory(plan, tools)]))];
}

function checks(run: BackupRun, { words, tools }: Voice): readonly Markup[] {
  const counts = countFindings(run.findings);
  const said = warnings(run.findings).map((each) => {
    const { looked, found } = tools.finding(each);
    return md`⚠️ ${looked}: ${found}`;
  });
  return stack([md`${words.card.counts(counts, tools)} · ${words.card.inThread()}`, ...said], {
    room: 6_000,
    more: words.card.moreInThread,
  });
}

function waitingFor(run: BackupRun, context: CardContext, voice: Voice): Markup {
  const { card } = voice.words;
  const t = voice.tools;
  // What counts is what was shown when the plan was made, not what the configuration says since.
  const rules = run.plan
    ? {
        needed: run.plan.approvalsNeeded,
        approvers: run.plan.approvers,
        selfApproval: run.plan.selfApproval,
      }
    : context.policy.approval;
  const needs = card.needs(
    {
      needed: rules.needed,
      approvers: rules.approvers,
      selfApproval: rules.selfApproval,
      scheduled: run.origin.kind === 'schedule',
    },
    t,
  );
  const until = run.expiresAt === undefined ? needs : md`${needs} · ${card.expires(run.expiresAt, t)}`;
  return lines(...votes(run, voice), until, card.byText(run.id, t));
}

function votes(run: BackupRun, { words, tools }: Voice): readonly Markup[] {
  return run.votes.slice(-8).map((vote) => words.card.vote(vote, tools));
}

function succeeded(run: BackupRun, voice: Voice): readonly Markup[] {
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

function failed(run: BackupRun, voice: Voice): readonly Markup[] {
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

export function failureText(failure: NonNullable<BackupRun['failed']>['failure'], { words, tools }: Voice) {
  // The kind selects the function that takes its own params; TypeScript cannot follow one union through the table.
  const say = words.failures[failure.kind] as (
    params: typeof failure.params,
    t: typeof tools,
  ) => ReturnType<(typeof words.failures)[typeof failure.kind]>;
  return say(failure.params, tools);
}

function blocked(run: BackupRun, { words, tools }: Voice): readonly Markup[] {
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

function ended(run: BackupRun, how: 'rejected' | 'cancelled', { words, tools }: Voice): Markup {
  return words.card.ended(
    { how, by: run.endedBy?.slackUser, at: run.finishedAt, reason: run.endReason },
    tools,
  );
}

function short(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
