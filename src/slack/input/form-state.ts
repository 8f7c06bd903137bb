import {
  botsChoice,
  clusterOfNodeBlock,
  formIds,
  parseFormPlace,
  type TypedFields,
} from '../messages/index.ts';
import { trimSpaces } from './command-scanner.ts';

/** The parts of a view as Slack sends it back; whatever is in it was in the hands of a client. */
export interface SentView {
  readonly id: string;
  readonly private_metadata: string;
  readonly blocks: readonly { readonly block_id?: string | undefined }[];
  readonly state: {
    readonly values: Readonly<Record<string, Readonly<Record<string, FieldState>>>>;
  };
}

interface FieldState {
  readonly value?: string | null | undefined;
  readonly selected_option?: { readonly value?: string | undefined } | null | undefined;
}

export interface SentForm extends TypedFields {
  /** Empty: not a channel's id. */
  readonly channel: string;
  /** The form was opened from the Home tab. */
  readonly home: boolean;
  readonly cluster: string | undefined;
  /** The cluster whose nodes were offered when this node was chosen; undefined: typed, or none was chosen. */
  readonly nodeOf: string | undefined;
  readonly blockIds: readonly string[];
}

export function readForm(view: SentView): SentForm {
  const values = view.state.values;
  const blockIds = view.blocks.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id]));
  const nodeBlock = Object.keys(values).find((each) => clusterOfNodeBlock(each) !== undefined);
  const picked = nodeBlock && values[nodeBlock]?.[formIds.node]?.selected_option?.value;
  const chosen = picked === botsChoice ? undefined : presence(picked);
  const typed = (field: 'nodeName' | 'reason' | 'emergency') =>
    presence(values[formIds[field]]?.[formIds[field]]?.value);
  return {
    ...parseFormPlace(view.private_metadata),
    cluster: presence(values[formIds.cluster]?.[formIds.cluster]?.selected_option?.value),
    node: chosen ?? typed('nodeName'),
    nodeOf: chosen === undefined || nodeBlock === undefined ? undefined : clusterOfNodeBlock(nodeBlock),
    reason: typed('reason'),
    emergency: typed('emergency'),
    blockIds,
  };
}

function presence(text: string | null | undefined): string | undefined {
  const trimmed = trimSpaces(text ?? '');
  return trimmed === '' ? undefined : trimmed;
}
