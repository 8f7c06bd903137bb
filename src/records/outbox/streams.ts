/** What a delivery or a message is about, as one column. */
export const fleetStream = 'fleet';
export const runPrefix = 'run ';
const clusterPrefix = 'cluster ';

export const runStream = (runId: string): string => `${runPrefix}${runId}`;
export const clusterStream = (cluster: string): string => `${clusterPrefix}${cluster}`;

/** The fields of a message that say the same. */
export function subjectOf(stream: string) {
  if (stream === fleetStream) return { about: 'fleet' } as const;
  if (stream.startsWith(runPrefix)) return { about: 'run', runId: stream.slice(runPrefix.length) } as const;
  if (stream.startsWith(clusterPrefix))
    return { about: 'cluster', cluster: stream.slice(clusterPrefix.length) } as const;
  throw new Error(`nothing is known that is called ${stream}`);
}
