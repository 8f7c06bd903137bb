import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { NodeProposal } from '../../../workflow/access/backups.ts';
import { plain, sectionBlocks } from '../kit/blocks.ts';
import { limits } from '../kit/limits.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { type Markup, plainText } from '../kit/markup.ts';
import { sayBy } from '../kit/texts-by.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { reasonLines } from '../preflight/findings.ts';
import type { FormProblem } from './en.ts';
import { botsChoice, type FormPlace, formIds, formPlaceText, nodeBlockId } from './form-ids.ts';
import { backupFormWords } from './words.ts';

/** What came of looking at the chosen cluster's nodes. */
export type SeenNodes = Extract<NodeProposal, { outcome: 'proposed' | 'nodes-unreadable' }>;

/** What was typed: no longer than the fields are (see maxTyped). */
export interface TypedFields {
  readonly node: string | undefined;
  readonly reason: string | undefined;
  readonly emergency: string | undefined;
}

export interface BackupForm extends FormPlace {
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
export function loadingView(place: FormPlace, context: Context): ModalView {
  const t = toolsFor(context);
  return view(place, [...sectionBlocks([backupFormWords(t).loading()])], t);
}

/** `form.clusters` must hold one listable name at least, and limits.modalClusters at most. */
export function formView(form: BackupForm, context: Context): ModalView {
  const t = toolsFor(context);
  const select = nodeSelect(form, t);
  const blocks: KnownBlock[] = [
    clusterSelect(form, t),
    ...sectionBlocks(notes(form, t)),
    ...(select ? [select] : []),
    // Until there are nodes to choose from, this keeps what the person typed.
    ...(!select && form.typed.node !== undefined ? [textField('nodeName', form.typed.node, t)] : []),
    textField('reason', form.typed.reason, t),
    ...(form.emergency ? [textField('emergency', form.typed.emergency, t)] : []),
  ];
  return {
    ...view(form, blocks, t),
    submit: plain(backupFormWords(t).submit, limits.modalButton),
  };
}

/** In place of a form, for a person who may not ask at all. */
export function closedView(place: FormPlace, blocks: readonly KnownBlock[], context: Context): ModalView {
  return view(place, [...blocks], toolsFor(context));
}

/** One sentence under the field that it is about; `blockIds`: the fields that the form has. */
export function fieldErrors(
  problem: FormProblem,
  sent: TypedFields & { readonly blockIds: readonly string[] },
  context: Context,
): Record<string, string> {
  const said = sayBy<'outcome', FormProblem, [], string>(
    backupFormWords(toolsFor(context)).problem,
    'outcome',
    problem,
  );
  const wanted = fieldOf(problem, sent);
  const field = sent.blockIds.includes(wanted) ? wanted : formIds.cluster;
  return { [field]: plainText(said, limits.fieldError) };
}

function fieldOf({ outcome }: FormProblem, sent: TypedFields): string {
  if (outcome === 'bad-node') return formIds.nodeName;
  if (outcome === 'no-emergency-right') return formIds.emergency;
  if (outcome !== 'reason-too-long') return formIds.cluster;
  return (sent.emergency?.length ?? 0) > (sent.reason?.length ?? 0) ? formIds.emergency : formIds.reason;
}

function view(place: FormPlace, blocks: KnownBlock[], t: Tools): ModalView {
  const say = backupFormWords(t);
  return {
    type: 'modal',
    callback_id: formIds.view,
    private_metadata: formPlaceText(place),
    title: plain(say.title, limits.modalTitle),
    close: plain(say.close, limits.modalButton),
    blocks,
  };
}

function clusterSelect(form: BackupForm, t: Tools): InputBlock {
  const say = backupFormWords(t);
  const options = listable(form.clusters)
    .toSorted()
    .map((name) => option(name, name));
  const chosen = options.find((each) => each.value === form.cluster);
  return {
    type: 'input',
    block_id: formIds.cluster,
    // The nodes depend on it: Slack sends us the choice at once.
    dispatch_action: true,
    label: plain(say.labels.cluster, limits.inputLabel),
    element: {
      type: 'static_select',
      action_id: formIds.cluster,
      placeholder: plain(say.placeholder, limits.inputPlaceholder),
      ...(options.length <= limits.options ? { options } : { option_groups: groups(options) }),
      ...(chosen ? { initial_option: chosen } : {}),
    },
  };
}

/** A list holds a hundred; more are distinguished by the names that a group begins and ends with. */
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

function nodeSelect({ cluster, nodes, typed }: BackupForm, t: Tools): InputBlock | undefined {
  const say = backupFormWords(t);
  if (cluster === undefined || nodes?.outcome !== 'proposed') return undefined;
  const named = offered(nodes.fit);
  if (named.length === 0) return undefined;
  const bot = option(nodes.chosen ? say.botWouldChoose(nodes.chosen.node) : say.botChooses, botsChoice);
  const options = [
    bot,
    ...named.map(({ node, cordoned }) => option(cordoned ? say.cordonedNode(node) : node, node)),
  ];
  return {
    type: 'input',
    block_id: nodeBlockId(cluster),
    label: plain(say.labels.node, limits.inputLabel),
    hint: plain(say.hints.node, limits.inputHint),
    element: {
      type: 'static_select',
      action_id: formIds.node,
      options,
      initial_option: options.find((each) => each.value === typed.node) ?? bot,
    },
  };
}

/** What is shown between the cluster and the fields. */
function notes(form: BackupForm, t: Tools): readonly Markup[] {
  const say = backupFormWords(t);
  const { cluster, nodes, clusters, typed } = form;
  const missing = clusters.length - listable(clusters).length;
  const unlisted = missing > 0 ? [say.unlisted(missing)] : [];
  if (cluster === undefined) return [...unlisted, say.chooseFirst()];
  if (!nodes) return [...unlisted, say.reading(cluster)];
  if (nodes.outcome === 'nodes-unreadable') return [...unlisted, say.nodesUnreadable(nodes)];
  const { fit, unfit, chosen, blockers } = nodes;
  const inList = new Set(offered(fit));
  const notInList = fit.filter((each) => !inList.has(each)).map(({ node }) => node);
  const wishFails = typed.node !== undefined && !fit.some(({ node }) => node === typed.node);
  return [
    ...unlisted,
    chosen ? say.proposed(chosen) : say.noneFit(),
    ...(wishFails ? [say.namedNotFit(typed.node ?? '')] : []),
    ...(unfit.length > 0 ? [say.unfit(unfit)] : []),
    ...(notInList.length > 0 ? [say.nameByText({ cluster, nodes: notInList })] : []),
    ...(blockers.length > 0 ? [say.blocked({ cluster, reasons: reasonLines(blockers, t) })] : []),
  ];
}

function textField(
  field: 'nodeName' | 'reason' | 'emergency',
  typed: string | undefined,
  t: Tools,
): InputBlock {
  const say = backupFormWords(t);
  const what = field === 'nodeName' ? 'node' : field;
  const initial = typed?.toWellFormed() ?? '';
  return {
    type: 'input',
    block_id: formIds[field],
    optional: true,
    label: plain(say.labels[what], limits.inputLabel),
    hint: plain(say.hints[what], limits.inputHint),
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
