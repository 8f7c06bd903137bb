import type { LeftOnNode } from '../../domain/failure.ts';
import type { Plan, PlanChange } from '../../domain/plan.ts';
import type { RunStep } from '../../domain/run.ts';
import type { Markup } from './markup.ts';
import type { FindingText, Tools } from './tools.ts';

export interface ThreadWording {
  auditLine(
    p: { at: number; who: Markup; what: Markup; reason: string | undefined; rest: Markup | undefined },
    t: Tools,
  ): Markup;
  person(p: { slackUser: string; clusterUser: string }, t: Tools): Markup;
  breakGlass(p: { at: number; who: Markup; why: string; told: readonly string[] }, t: Tools): Markup;
  /** A request that nobody else is asked about. */
  emergency(why: string, t: Tools): Markup;
  planVoid(p: { at: number; changes: readonly PlanChange[]; voided: readonly string[] }, t: Tools): Markup;
  handedOver(p: { at: number; step: string | undefined }, t: Tools): Markup;
  /** `scriptBegun`: the step it had come to is at or behind the start of the script. */
  resumed(p: { at: number; step: string | undefined; scriptBegun: boolean }, t: Tools): Markup;
  leftoverRemoved(p: { at: number; path: string; ofRun: string }, t: Tools): Markup;
  warning(text: FindingText): Markup;
  stepLine(p: { at: number; step: RunStep; detail: string | undefined }, t: Tools): Markup;
  detailsTitle(cluster: string): Markup;
  /** `canRun`: nothing else stands against the backup. */
  group(p: { outcome: 'blocker' | 'warning' | 'later' | 'passed'; count: number; canRun: boolean }): Markup;
  findingLong(text: FindingText): Markup;
  findingShort(text: FindingText): Markup;
  moreFindings(count: number): Markup;
  nothingChecked(): Markup;
  reportTitle(cluster: string, t: Tools): Markup;
  noReport(): Markup;
  reportPlace(p: { node: string; directory: string }, t: Tools): Markup;
  reportFile(
    p: { which: 'snapshot' | 'resources'; path: string; size: number; sha256: string },
    t: Tools,
  ): Markup;
  reportNumbers(
    p: {
      revision: number | undefined;
      keys: number | undefined;
      durationMs: number | undefined;
      scriptMs: number;
    },
    t: Tools,
  ): Markup;
  reportProven(): Markup;
  adviceTitle(): Markup;
  adviceRestore(p: { zStream: string; node: string }, t: Tools): Markup;
  adviceApart(p: { encryption: 'on' | 'off' | 'unknown' }): Markup;
  adviceEncryption(p: { encryption: 'on' | 'off' | 'unknown'; type: string }, t: Tools): Markup;
  adviceCopy(p: { node: string; directory: string }, t: Tools): Markup;
  adviceDualReplica(): Markup;
  failureTitle(p: { cluster: string; step: RunStep | undefined; at: number | undefined }, t: Tools): Markup;
  noFailure(): Markup;
  means(text: Markup): Markup;
  next(text: Markup): Markup;
  outputTitle(): Markup;
  left(left: LeftOnNode, t: Tools): Markup;
  podLeft(pod: string, t: Tools): Markup;
  /** The run ended before anything was done on the node. */
  nothingLeft(): Markup;
  /** The run had begun on the node, and nobody looked there afterwards. */
  leftUnknown(p: { node: string; directory: string } | undefined, t: Tools): Markup;
  planChange(p: { field: keyof Plan; approved: string; now: string }, t: Tools): Markup;
}
