import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { NodeProposal } from '../../workflow/backups.ts';
import { plain, sectionBlocks } from './blocks.ts';
import { botsChoice, formIds, nodeBlockId } from './form-ids.ts';
import { type Voice, voiceFor } from './language.ts';
import { limits } from './limits.ts';
import { type Markup, plainText } from './markup.ts';
import type { FormProblem } from './modal-wording.ts';
import type { Context } from './tools.ts';

/** What came of looking at the chosen cluster's nodes. */
export type SeenNodes = Extract<NodeProposal, { outcome: 'proposed' | 'nodes-unreadable' }>;

/** What was typed: no longer than the fields are (see maxTyped). */
export interface TypedFields {
  readonly node: string | undefined;
  readonly reason: string | undefined;
  readonly emergency: string | undefined;
}

export interface BackupForm {
  /** Where the answer goes; all that Slack keeps for us. */
  readonly channel: string;
  /** That may be asked for here; see listable. */
  readonly clusters: readonly string[];
  readonly cluster: string | undefined;
  /** undefined: they are being looked at, or no cluster is chosen. */
  readonly nodes: SeenNodes | undefined;
  readonly typed: TypedFields;
  /** Whether to offer the field for going without an approval. */
  readonly emergency: boolean;
}

/** Lengths of the fields in UTF-16 units. */
export const maxTyped = { node: 253, reason: 500, emergency: 500 } as const;

/** The clusters that Slack's list can hold. */
export function listable(clusters: readonly string[]): readonly string[] {
  return clusters.filter((name) => name !== '' && name.length <= limits.optionValue);
}

/** Opened before anything is read; nothing in it can be sent. */
export function loadingView(channel: string, context: Context): ModalView {
  const { words, tools } = voiceFor(context);
  return view(channel, [...sectionBlocks([words.modal.loading(tools)])], words);
}

/** `form.clusters` must hold one listable name at least, and limits.modalClusters at most. */
export function formView(form: BackupForm, context: Context): ModalView {
  const voice = voiceFor(context);
  const { words } = voice;
  const select = nodeSelect(form, words);
  const blocks: KnownBlock[] = [
    clusterSelect(form, words),
    ...sectionBlocks(notes(form, voice)),
    ...(select ? [select] : []),
    // Until there are nodes to choose from, this keeps what the person typed.
    ...(!select && form.typed.node !== undefined ? [textField('nodeName', form.typed.node, words)] : []),
    textField('reason', form.typed.reason, words),
    ...(form.emergency ? [textField('emergency', form.typed.emergency, words)] : []),
  ];
  return {
    ...view(form.channel, blocks, words),
    submit: plain(words.modal.submit, limits.modalButton),
  };
}

/** In place of a form, for somebody who may not ask at all. */
export function closedView(channel: string, blocks: readonly KnownBlock[], context: Context): ModalView {
  return view(channel, [...blocks], voiceFor(context).words);
}

/** One sentence under the field that it is about; `blockIds`: the fields that the form has. */
export function fieldErrors(
  problem: FormProblem,
  sent: TypedFields & { readonly blockIds: readonly string[] },
  context: Context,
): Record<string, string> {
  const { problem: table } = voiceFor(context).words.modal;
  const say = table[problem.outcome] as (problem: FormProblem) => string;
  const wanted = fieldOf(problem, sent);
  const field = sent.blockIds.includes(wanted) ? wanted : formIds.cluster;
  return { [field]: plainText(say(problem), limits.fieldError) };
}

function fieldOf({ outcome }: FormProblem, sent: TypedFields): string {
  if (outcome === 'bad-node') return formIds.nodeName;
  if (outcome === 'no-emergency-right') return formIds.emergency;
  if (outcome !== 'reason-too-long') return formIds.cluster;
  return (sent.emergency?.length ?? 0) > (sent.reason?.length ?? 0) ? formIds.emergency : formIds.reason;
}

type Words = Voice['words'];

function view(channel: string, blocks: KnownBlock[], { modal }: Words): ModalView {
  return {
    type: 'modal',
    callback_id: formIds.view,
    private_metadata: channel,
    title: plain(modal.title, limits.modalTitle),
    close: plain(modal.close, limits.modalButton),
    blocks,
  };
}

function clusterSelect(form: BackupForm, { modal }: Words): InputBlock {
  const options = listable(form.clusters)
    .toSorted()
    .map((name) => option(name, name));
  const chosen = options.find((each) => each.value === form.cluster);
  return {
    type: 'input',
    block_id: formIds.cluster,
    // The nodes depend on it: Slack tells us of the choice at once.
    dispatch_action: true,
    label: plain(modal.labels.cluster, limits.inputLabel),
    element: {
      type: 'static_select',
      action_id: formIds.cluster,
      placeholder: plain(modal.placeholder, limits.inputPlaceholder),
      ...(options.length <= limits.options ? { options } : { option_groups: groups(options) }),
      ...(chosen ? { initial_option: chosen } : {}),
    },
  };
}

/** A list holds a hundred; more are told apart by the names that a group begins and ends with. */
function groups(options: readonly PlainTextOption[]) {
  const half = limits.optionGroupLabel / 2 - 2;
  const cut: { label: ReturnType<typeof plain>; options: PlainTextOption[] }[] = [];
  for (let at = 0; at < options.length; at += limits.options) {
    const part = options.slice(at, at + limits.options);
    const edge = (each: PlainTextOption | undefined) => plainText(each?.text.text ?? '', Math.floor(half));
    const label = `${edge(part[0])} – ${edge(part.at(-1))}`;
    cut.push({ label: plain(label, limits.optionGroupLabel), options: part });
  }
  return cut;
}

function nodeSelect({ cluster, nodes, typed }: BackupForm, { modal }: Words): InputBlock | undefined {
  if (cluster === undefined || nodes?.outcome !== 'proposed') return undefined;
  const named = offered(nodes.fit);
  if (named.length === 0) return undefined;
  const bot = option(nodes.chosen ? modal.botWouldChoose(nodes.chosen.node) : modal.botChooses, botsChoice);
  const options = [
    bot,
    ...named.map(({ node, cordoned }) => option(cordoned ? modal.cordonedNode(node) : node, node)),
  ];
  return {
    type: 'input',
    block_id: nodeBlockId(cluster),
    label: plain(modal.labels.node, limits.inputLabel),
    hint: plain(modal.hints.node, limits.inputHint),
    element: {
      type: 'static_select',
      action_id: formIds.node,
      options,
      initial_option: options.find((each) => each.value === typed.node) ?? bot,
    },
  };
}

/** What stands between the cluster and the fields. */
function notes(form: BackupForm, { words: { modal }, tools }: Voice): readonly Markup[] {
  const { cluster, nodes, clusters, typed } = form;
  const missing = clusters.length - listable(clusters).length;
  const unlisted = missing > 0 ? [modal.unlisted(missing, tools)] : [];
  if (cluster === undefined) return [...unlisted, modal.chooseFirst()];
  if (!nodes) return [...unlisted, modal.reading(cluster, tools)];
  if (nodes.outcome === 'nodes-unreadable') return [...unlisted, modal.nodesUnreadable(nodes, tools)];
  const { fit, unfit, chosen, blockers } = nodes;
  const inList = new Set(offered(fit));
  const notInList = fit.filter((each) => !inList.has(each)).map(({ node }) => node);
  const wishFails = typed.node !== undefined && !fit.some(({ node }) => node === typed.node);
  return [
    ...unlisted,
    chosen ? modal.proposed(chosen, tools) : modal.noneFit(),
    ...(wishFails ? [modal.namedNotFit(typed.node ?? '', tools)] : []),
    ...(unfit.length > 0 ? [modal.unfit(unfit, tools)] : []),
    ...(notInList.length > 0 ? [modal.nameByText({ cluster, nodes: notInList }, tools)] : []),
    ...(blockers.length > 0 ? [modal.blocked({ cluster, blockers }, tools)] : []),
  ];
}

function textField(
  field: 'nodeName' | 'reason' | 'emergency',
  typed: string | undefined,
  { modal }: Words,
): InputBlock {
  const what = field === 'nodeName' ? 'node' : field;
  const initial = typed?.toWellFormed() ?? '';
  return {
    type: 'input',
    block_id: formIds[field],
    optional: true,
    label: plain(modal.labels[what], limits.inputLabel),
    hint: plain(modal.hints[what], limits.inputHint),
    element: {
      type: 'plain_text_input',
      action_id: formIds[field],
      multiline: field !== 'nodeName',
      max_length: maxTyped[what],
      ...(initial === '' || initial.length > maxTyped[what] ? {} : { initial_value: initial }),
    },
  };
}

/** The nodes that Slack's list can hold beside the bot's choice. */
function offered<Node extends { readonly node: string }>(fit: readonly Node[]): readonly Node[] {
  const fits = ({ node }: Node) => node !== '' && node !== botsChoice && node.length <= limits.optionValue;
  return fit.filter(fits).slice(0, limits.options - 1);
}

function option(label: string, value: string): PlainTextOption {
  const text = plain(label, limits.optionText);
  // Slack refuses an empty one; a name of nothing but invisible signs would leave nothing.
  return { text: text.text === '' ? { ...text, text: '–' } : text, value };
}
