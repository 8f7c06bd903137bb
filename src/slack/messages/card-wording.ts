import type { Plan, PlanChange } from '../../domain/plan.ts';
import type { PrivateSay } from '../../domain/private-say.ts';
import type { RunStatus, RunStep, Vote } from '../../domain/run.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** How many checks came out how. */
export interface Counts {
  readonly passed: number;
  readonly warnings: number;
  readonly blockers: number;
  readonly later: number;
}

/** Why a vote does not count; `other`: not said, or said by a word of another release. */
export type VoteRefusal =
  | Extract<
      PrivateSay['type'],
      'refused-person' | 'profile-unreadable' | 'not-cluster-admin' | 'rights-unreadable' | 'blocked-now'
    >
  | 'other';

export interface CardWording {
  title(p: { cluster: string; zStream: string | undefined; status: RunStatus }, t: Tools): Markup;
  requestedBy(p: { slackUser: string; reason: string | undefined; scheduled: boolean }, t: Tools): Markup;
  /** `alone`: certainly nobody else was asked. */
  emergency(p: { slackUser: string; why: string; alone: boolean }, t: Tools): Markup;
  /** `emergency`: nobody had approved the plan before this one. */
  planChanged(p: { changes: readonly PlanChange[]; emergency: boolean }, t: Tools): Markup;
  checking(nodeWanted: string | undefined, t: Tools): Markup;
  planNode(plan: Plan, t: Tools): Markup;
  offPeak(inside: boolean): Markup;
  proxy(inUse: boolean): Markup;
  encryption(type: string, t: Tools): Markup;
  directory(plan: Plan, t: Tools): Markup;
  counts(counts: Counts, t: Tools): Markup;
  /** `scheduled`: no person asked, so nobody is left out. */
  needs(
    p: { needed: number; approvers: readonly string[]; selfApproval: boolean; scheduled: boolean },
    t: Tools,
  ): Markup;
  expires(at: number, t: Tools): Markup;
  vote(vote: Vote, t: Tools): Markup;
  readonly voteRefused: Readonly<Record<VoteRefusal, Markup>>;
  byText(runId: string, t: Tools): Markup;
  /** `bySchedule`: the configuration has approved what its schedule asks for. */
  approved(p: { alone: boolean; bySchedule: boolean }, t: Tools): Markup;
  running(p: { step: RunStep | undefined; since: number | undefined }, t: Tools): Markup;
  succeeded(p: { durationMs: number | undefined; approvers: readonly string[] }, t: Tools): Markup;
  result(
    p: {
      snapshotBytes: number;
      snapshotSha: string;
      resourcesBytes: number;
      resourcesSha: string;
      revision: number | undefined;
    },
    t: Tools,
  ): Markup;
  where(p: { node: string; directory: string }, t: Tools): Markup;
  restoresOnly(zStream: string, t: Tools): Markup;
  copyOff(): Markup;
  failed(): Markup;
  blocked(): Markup;
  tryAgainAt(at: number, t: Tools): Markup;
  tryAgain(cluster: string, t: Tools): Markup;
  refused(): Markup;
  ended(
    p: {
      how: 'rejected' | 'cancelled';
      by: string | undefined;
      at: number | undefined;
      reason: string | undefined;
    },
    t: Tools,
  ): Markup;
  expired(at: number | undefined, t: Tools): Markup;
  nothingWasRun(): Markup;
  inThread(): Markup;
  moreInThread(count: number): Markup;
  footer(p: { runId: string }, t: Tools): Markup;
  readonly buttons: { readonly approve: string; readonly reject: string; readonly cancel: string };
  confirm(p: { cluster: string; node: string }): {
    title: string;
    text: string;
    confirm: string;
    deny: string;
  };
  /** One line for the notification. */
  summary(p: { cluster: string; status: Markup; emergency: boolean }, t: Tools): Markup;
}
