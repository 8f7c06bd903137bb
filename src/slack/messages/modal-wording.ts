import type { Finding } from '../../domain/finding.ts';
import type { RejectedNode } from '../../domain/node-choice.ts';
import type { Unreadable } from '../../domain/reading.ts';
import type { RequestAnswer } from '../../workflow/backups.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** Why a form that was sent did not become a request. */
export type FormProblem =
  | Exclude<RequestAnswer, { outcome: 'recorded' | 'duplicate' }>
  | { readonly outcome: 'not-recorded' }
  /** A node was chosen from those of `shown`, and the cluster was changed since. */
  | { readonly outcome: 'nodes-of-another-cluster'; readonly cluster: string; readonly shown: string };

/** The form's words. Plain strings are plain text in Slack: no markup, no mentions. */
export interface ModalWording {
  /** At most 24 units each. */
  readonly title: string;
  readonly submit: string;
  readonly close: string;
  readonly labels: Readonly<Record<'cluster' | 'node' | 'reason' | 'emergency', string>>;
  readonly hints: Readonly<Record<'node' | 'reason' | 'emergency', string>>;
  /** At most 150 units. */
  readonly placeholder: string;
  loading(t: Tools): Markup;
  chooseFirst(): Markup;
  /** Clusters whose names Slack's list cannot hold. */
  unlisted(count: number, t: Tools): Markup;
  reading(cluster: string, t: Tools): Markup;
  proposed(p: { node: string; because: 'only' | 'first-fit' }, t: Tools): Markup;
  noneFit(): Markup;
  unfit(nodes: readonly RejectedNode[], t: Tools): Markup;
  /** The person named a node in the command that is not among the fit ones. */
  namedNotFit(node: string, t: Tools): Markup;
  /** Nodes that Slack's list cannot hold: the name is too long, or there are too many. */
  nameByText(p: { cluster: string; nodes: readonly string[] }, t: Tools): Markup;
  blocked(p: { cluster: string; blockers: readonly Finding[] }, t: Tools): Markup;
  nodesUnreadable(p: { cluster: string; why: Unreadable }, t: Tools): Markup;
  /** Options: short, the node's name is cut to fit. */
  readonly botChooses: string;
  botWouldChoose(node: string): string;
  cordonedNode(node: string): string;
  readonly problem: {
    readonly [Outcome in FormProblem['outcome']]: (
      problem: Extract<FormProblem, { outcome: Outcome }>,
    ) => string;
  };
}
