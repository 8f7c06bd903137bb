/** Names in the form in which a backup is asked for. A field's block and action are called the same. */
export const formIds = {
  view: 'backup-form',
  cluster: 'form-cluster',
  node: 'form-node',
  nodeName: 'form-node-name',
  reason: 'form-reason',
  emergency: 'form-emergency',
} as const;

/** An option's value that cannot be the name of a node. */
export const botsChoice = '*';

const nodeBlockStart = `${formIds.node}/`;

/** Another cluster's nodes are another field: Slack would keep the choice when only the options change. */
export function nodeBlockId(cluster: string): string {
  return `${nodeBlockStart}${cluster}`;
}

/** The cluster whose nodes this field offers; undefined: another field. */
export function clusterOfNodeBlock(blockId: string): string | undefined {
  return blockId.startsWith(nodeBlockStart) ? blockId.slice(nodeBlockStart.length) : undefined;
}

/** Where the form was opened, and so where its answer goes: all that Slack keeps for us. */
export interface FormPlace {
  readonly channel: string;
  /** Opened in the Home tab: the channel is the cluster's own, and answers are direct messages. */
  readonly home?: boolean | undefined;
}

export function formPlaceText({ channel, home }: FormPlace): string {
  return home === true ? `${channel} home` : channel;
}

/** An empty channel for what no form of ours carried: it was in the hands of a client. */
export function parseFormPlace(text: string): { readonly channel: string; readonly home: boolean } {
  const [, channel, home] = /^([CDG][A-Z0-9]{1,30})( home)?$/.exec(text) ?? [];
  return { channel: channel ?? '', home: home !== undefined };
}
