import { firstWords, roomPauseReason, stepTexts } from '../../src/restore/step-text.ts';
import type { ClientTool, ClusterReader, NodeSessions } from '../../src/workflow/ports/ports.ts';

const unused = (): never => {
  throw new Error('nothing here reaches a cluster');
};
const clusters: ClusterReader = {
  facts: unused,
  version: unused,
  topology: unused,
  previewBackups: unused,
  serverTime: unused,
  clusterAdmin: unused,
  credentials: unused,
  access: unused,
};
const sessions: NodeSessions = {
  podName: 'unused',
  open: unused,
  removeLeftover: unused,
  holder: unused,
};
const client: ClientTool = { path: 'oc', version: unused };

/** Ports of the workflow for what is done with records and Slack alone; each throws when it is used after all. */
export const unusedPorts = {
  clusters,
  sessions,
  client,
  sha256: unused,
  restoreWords: { steps: stepTexts, first: firstWords, pauseReason: roomPauseReason },
};
