/** How long messages may be. */
export interface TextLimits {
  /** `chat.update` and `chat.postEphemeral` count bytes, after escaping; `chat.postMessage` cuts at 40,000 characters instead. */
  readonly textBytes: number;
  /** Not documented; messages whose blocks hold more text than about 12,000 to 13,000 characters are refused: the strict end. */
  readonly blocksCharacters: number;
  readonly blocks: number;
}

export const slackLimits: TextLimits = { textBytes: 4_000, blocksCharacters: 12_000, blocks: 50 };
