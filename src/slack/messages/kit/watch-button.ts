/** What the buttons of reminders and alarms carry: ids only, never authority. */
export interface WatchButton {
  readonly cluster: string;
  /** Of the reminder or alarm. */
  readonly id: string;
}

const maxCluster = 253;
const maxId = 1_500;

export function watchButtonValue({ cluster, id }: WatchButton): string {
  return `${cluster} ${id}`;
}

/** Undefined for everything that no message of ours ever carried. */
export function parseWatchButton(text: string): WatchButton | undefined {
  const [, cluster = '', id = ''] = /^(\S+) (\S.*)$/u.exec(text) ?? [];
  if (cluster === '' || cluster.length > maxCluster || id.length > maxId) return undefined;
  return { cluster, id };
}

/** Whether Slack can hold it whole: a button with a cut id would be worse than none. */
export function fitsButton({ cluster, id }: WatchButton): boolean {
  return parseWatchButton(watchButtonValue({ cluster, id }))?.id === id && cluster.length <= maxCluster;
}
