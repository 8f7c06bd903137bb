/** Where a message of the bot is in Slack. */
export interface MessagePlace {
  readonly channel: string;
  readonly ts: string;
}
