import type { ClusterPolicy } from '../../../domain/policy/policy.ts';
import { blockers, warnings } from '../../../domain/preflight/finding.ts';
import { needsNoApproval } from '../../../domain/run/approval.ts';
import type { BackupRun } from '../../../domain/run/run.ts';
import { copyProgress, plannedCopies } from '../copies/copies.ts';
import { type Message, message, stack } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { join, lines, type Markup, md } from '../kit/markup.ts';
import type { Spoken } from '../kit/spoken-text.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { countFindings } from '../preflight/finding-sections.ts';
import { findingText } from '../preflight/findings.ts';
import { checkWords } from '../preflight/words.ts';
import { cardButtons } from './card-buttons.ts';
import {
  blocked,
  blockedNext,
  ended,
  endedHeadline,
  failed,
  succeeded,
  succeededNext,
} from './card-ended.ts';
import { emergencyLine, failureText, isWithoutApproval, retryLine, statusText } from './run-facts.ts';
import { cardWords, threadWords } from './words.ts';

export type CardContext = Context & { readonly policy: ClusterPolicy };

/** The one message that a run owns, as the run is now. Its buttons carry ids and nothing else. */
export function runCard(run: BackupRun, context: CardContext): Message {
  const t = toolsFor(context);
  const card = cardWords(t);
  return message({
    sections: [lines(headline(run, t), title(run, t)), ...body(run, context, t)],
    buttons: cardButtons(run, t),
    footer: card.footer({ runId: run.id }),
    text: spoken(run, context, t),
    rest: md`${t.units.notAll} ${card.inThread()}`,
  });
}

/** Who asks for what, its status, and what that asks of people. */
function spoken(run: BackupRun, context: CardContext, t: Tools): Spoken {
  const { cluster } = run;
  const emergency = run.emergency !== undefined;
  const what = cardWords(t).summary({ cluster, status: statusText(run, t), emergency });
  const why = emergencyLine(run, t) ?? requestedBy(run, t);
  return [what, why, nextFor(run, context, t)];
}

function nextFor(run: BackupRun, context: CardContext, t: Tools): Markup | undefined {
  switch (run.status) {
    case 'waiting':
      return lines(headline(run, t), neededFor(run, context, t), cardWords(t).byText(run.id));
    case 'failed':
      return run.failed ? threadWords(t).next(failureText(run.failed, t).next) : undefined;
    case 'blocked':
      return blockedNext(run, t);
    case 'succeeded':
      return succeededNext(run, t);
    case 'refused':
      return md`${cardWords(t).refused()}. ${cardWords(t).nothingWasRun()}`;
    case 'rejected':
    case 'cancelled':
      return md`${ended(run, run.status, t)}. ${cardWords(t).nothingWasRun()}`;
    case 'expired':
      return md`${cardWords(t).expired(run.expiresAt)}. ${cardWords(t).nothingWasRun()} ${cardWords(t).requestAgain(run.cluster)}`;
    default:
      return undefined;
  }
}

/** What is asked of people or what came of it: it comes before all that only explains it. */
function headline(run: BackupRun, t: Tools): Markup | undefined {
  const card = cardWords(t);
  switch (run.status) {
    case 'requested':
      return card.checking(run.nodeWanted);
    case 'waiting':
      return run.plan && card.asks(run.plan);
    case 'approved':
      return card.approved({ alone: isWithoutApproval(run), bySchedule: needsNoApproval(run) });
    case 'running':
      return card.running({ step: run.step, since: run.startedAt });
    case 'refused':
      return card.refused();
    case 'expired':
      return card.expired(run.expiresAt);
    default:
      return endedHeadline(run, run.status, t);
  }
}

function requestedBy(run: BackupRun, t: Tools): Markup {
  const scheduled = run.origin.kind === 'schedule';
  return cardWords(t).requestedBy({ slackUser: run.requester.slackUser, reason: run.reason, scheduled });
}

function title(run: BackupRun, t: Tools): Markup {
  const head = cardWords(t).title({ cluster: run.cluster, zStream: run.plan?.zStream, status: run.status });
  const by = requestedBy(run, t);
  const emergency = emergencyLine(run, t);
  // The emergency line names the person already.
  if (emergency && run.reason === undefined) return lines(head, emergency);
  return lines(md`${head} · ${by}`, emergency, retryLine(run, t));
}

function body(run: BackupRun, context: CardContext, t: Tools): readonly Markup[] {
  const card = cardWords(t);
  switch (run.status) {
    case 'requested':
      return [];
    case 'waiting':
      return [
        ...planChanged(run, t),
        lines(neededFor(run, context, t), ...votes(run, t)),
        ...checks(run, t),
        ...planSection(run, t),
        card.byText(run.id),
      ];
    case 'approved':
      return [...together(votes(run, t)), ...checks(run, t), ...planSection(run, t)];
    case 'running':
      return [...together([...copyProgress(run, t), ...votes(run, t)]), ...planSection(run, t)];
    case 'succeeded':
      return succeeded(run, t);
    case 'failed':
      return failed(run, t);
    case 'blocked':
      return blocked(run, t);
    case 'refused':
      return [card.nothingWasRun()];
    case 'rejected':
    case 'cancelled':
      return [card.nothingWasRun()];
    case 'expired':
      return [lines(card.nothingWasRun(), card.requestAgain(run.cluster))];
  }
}

/** One section of them; none where there is nothing to say. */
function together(said: readonly Markup[]): readonly Markup[] {
  return said.length === 0 ? [] : [lines(...said)];
}

/** People look at this card for the second time: what is not the same comes first. */
function planChanged(run: BackupRun, t: Tools): readonly Markup[] {
  return run.planRevision > 1
    ? [cardWords(t).planChanged({ changes: run.planChanges, emergency: run.emergency !== undefined })]
    : [];
}

function planSection(run: BackupRun, t: Tools): readonly Markup[] {
  const plan = run.plan;
  if (!plan) return [];
  const peak = run.findings.find(
    (each) => each.code === 'off-peak.inside' || each.code === 'off-peak.outside',
  );
  const facts = [
    // While it waits, the first line names the node.
    ...(run.status === 'waiting' ? [] : [cardWords(t).planNode(plan)]),
    ...(peak ? [cardWords(t).offPeak(peak.code === 'off-peak.inside')] : []),
    cardWords(t).proxy(plan.proxyInUse),
    cardWords(t).encryption(plan.encryptionType),
  ];
  const goesTo = plannedCopies(plan.copies ?? [], t);
  return [lines(join(facts, ' · '), ...(goesTo.length > 0 ? goesTo : [cardWords(t).directory(plan)]))];
}

function checks(run: BackupRun, t: Tools): readonly Markup[] {
  const counts = countFindings(run.findings);
  // An approval was refused for these.
  const inTheWay = blockers(run.findings).map((each) => {
    const { looked, found, next } = findingText(each, t);
    return md`⛔ ${looked}: ${found}${next ? md` → ${next}` : ''}`;
  });
  const warned = warnings(run.findings).map((each) => {
    const { looked, found } = findingText(each, t);
    return md`⚠️ ${looked}: ${found}`;
  });
  const said = stack([...inTheWay, ...warned], { room: 6_000, more: cardWords(t).moreInThread });
  return [...said, md`${checkWords(t).counts(counts)} · ${cardWords(t).inThread()}`];
}

/** Whose approval it needs, and by when. */
function neededFor(run: BackupRun, context: CardContext, t: Tools): Markup {
  const card = cardWords(t);
  // What counts is what was shown when the plan was made, not what the configuration says since.
  const rules = run.plan
    ? {
        needed: run.plan.approvalsNeeded,
        approvers: run.plan.approvers,
        selfApproval: run.plan.selfApproval,
      }
    : context.policy.approval;
  const needs = card.needs({
    needed: rules.needed,
    approvers: rules.approvers,
    selfApproval: rules.selfApproval,
    scheduled: run.origin.kind === 'schedule',
  });
  return run.expiresAt === undefined ? needs : md`${needs} · ${card.expires(run.expiresAt)}`;
}

function votes(run: BackupRun, t: Tools): readonly Markup[] {
  return run.votes.slice(-8).map((vote) => cardWords(t).vote(vote));
}
