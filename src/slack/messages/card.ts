import { asksNobody } from '../../domain/approval.ts';
import { warnings } from '../../domain/finding.ts';
import type { ClusterPolicy } from '../../domain/policy.ts';
import type { BackupRun } from '../../domain/run.ts';
import { type Message, message, stack } from './blocks.ts';
import { cardButtons } from './card-buttons.ts';
import { blocked, ended, failed, succeeded } from './card-ended.ts';
import { copyProgress, plannedCopies } from './copies.ts';
import { type Voice, voiceFor } from './language.ts';
import { join, lines, type Markup, md } from './markup.ts';
import { countFindings, emergencyLine, nobodyAsked, statusText } from './run-facts.ts';
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
