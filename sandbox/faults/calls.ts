import { sessionNamespace } from './breaks.ts';
import type { Match } from './stage.ts';

/** Which calls of the API a fault strikes. */

export const any: Match = () => true;
const podCalls: Match = ({ resource, subresource, dryRun }) =>
  resource === 'pods' && subresource === undefined && !dryRun;
export const creating: Match = (request) => podCalls(request) && request.verb === 'create';
export const deleting: Match = (request) => podCalls(request) && request.verb === 'delete';
export const reading: Match = (request) =>
  podCalls(request) && request.verb === 'get' && request.namespace === sessionNamespace;
export const execing: Match = ({ subresource }) => subresource === 'exec';
