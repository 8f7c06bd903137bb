import type { Unreadable } from '../../../domain/cluster/reading.ts';
import type { Language } from '../../../domain/policy/policy.ts';
import type { NodeUnfit } from '../../../domain/preflight/finding.ts';
import type { Plan, PlanChange } from '../../../domain/preflight/plan.ts';
import type { TermWords, UnitWords } from './en/terms.ts';
import type { Markup } from './markup.ts';

/** Who reads, and when. `now` in ms UTC; `timeZone` is the cluster's (IANA); `command` as typed: `/etcd-backup`. */
export interface Context {
  readonly language: Language;
  readonly timeZone: string;
  readonly now: number;
  readonly command: string;
}

/** What texts are made of: values in the reader's language and the cluster's time zone. */
export interface Tools {
  readonly language: Language;
  readonly units: UnitWords;
  readonly terms: TermWords;
  readonly now: number;
  /** A value to be copied. */
  code(text: string): Markup;
  /** Like code, but long enough for any real path. */
  path(text: string): Markup;
  /** Words of a person or program, in quotation marks. */
  quote(text: string): Markup;
  /** The command as a person would type it. */
  command(words: string): Markup;
  person(slackUser: string): Markup;
  people(slackUsers: readonly string[]): Markup;
  channel(id: string): Markup;
  /** Mentions a Slack user group. */
  group(id: string): Markup;
  /** `14:02:11` on the cluster's clock. */
  clock(at: number): Markup;
  /** Date, time and zone on the cluster's clock. */
  time(at: number): Markup;
  /** As people type it: `2026-12-01 03:40` on the cluster's clock. */
  typed(at: number): string;
  /** Something to be there in time for: Slack shows it on the reader's own clock. */
  moment(at: number): Markup;
  /** `2 d`, `3 h`: how long ago, roughly. */
  ago(at: number): Markup;
  /** `104 MB (108,146,720 bytes)`; MB as `ls -lh` on the node shows it. */
  size(bytes: number): Markup;
  shortSize(bytes: number): Markup;
  number(value: number): string;
  duration(ms: number): string;
  /** Values as code with commas between; a long list ends with how many are missing. */
  names(values: readonly string[]): Markup;
  /** Paths in full, a line each. */
  paths(values: readonly string[]): Markup;
  list(parts: readonly Markup[]): Markup;
  /** Whole sentences one after the other. */
  sentences(parts: readonly Markup[]): Markup;
  /** In place of what one message cannot hold: the command (as typed behind the bot's own) that shows all of it. */
  rest(command: string): Markup;
  /** The same where the run's record has it, which comes as a file. */
  restInFile(runId: string): Markup;
  unfit(why: NodeUnfit): Markup;
  /** A step's name in words; a step of a later release stays as it is. */
  step(step: string): Markup;
  planField(field: keyof Plan): Markup;
  /** A value of the plan, from its text, in people's words; a long one is cut in its middle. */
  planValue(field: keyof Plan, text: string): Markup;
  /** `z-stream 4.16.8 → 4.16.9, node master-0 → master-1`; a long list ends with how many are missing. */
  planChanges(changes: readonly PlanChange[]): Markup;
  /** Why a fact could not be read, in plain words. */
  why(reason: Unreadable): Markup;
  /** What to do about it; `right`: what to say where a right is missing. */
  remedy(reason: Unreadable, right: Markup): Markup;
}
