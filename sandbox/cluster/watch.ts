import type { ServerResponse } from 'node:http';
import type { ResourceKind } from './kinds.ts';
import type { KubeObject } from './kube-object.ts';
import { expired, invalid } from './status.ts';
import type { ObjectStore } from './store.ts';
import type { Timers } from './timers.ts';

export interface WatchRequest {
  kind: ResourceKind;
  namespace: string | undefined;
  query: URLSearchParams;
  matches: (object: KubeObject) => boolean;
}

/**
 * Streams events as JSON lines until the client goes or `timeoutSeconds` have passed. A start behind the remembered
 * past is answered with 410 as an ERROR event in a 200 stream, as the real server does.
 */
export function serveWatch(
  store: ObjectStore,
  timers: Timers,
  response: ServerResponse,
  request: WatchRequest,
): void {
  const { kind, namespace, query, matches } = request;
  if (query.get('sendInitialEvents') === 'true') {
    // Clients fall back to a list and a watch, as with servers that lack this feature.
    const text =
      'Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled';
    throw invalid('ListOptions.meta.k8s.io', '', [['sendInitialEvents', text]]);
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const send = (type: string, object: object) => response.write(`${JSON.stringify({ type, object })}\n`);
  const since = query.get('resourceVersion') ?? '';
  const isWanted = (object: KubeObject) =>
    (!namespace || object.metadata.namespace === namespace) && matches(object);
  if (since === '' || since === '0') {
    for (const object of store.list(kind, namespace).filter(matches)) send('ADDED', object);
  } else {
    const missed = store.eventsAfter(Number(since));
    if (missed === undefined) {
      send('ERROR', expired(since, store.version).status);
      response.end();
      return;
    }
    for (const event of missed)
      if (event.kind === kind && isWanted(event.object)) send(event.type, event.object);
  }
  const unsubscribe = store.onEvent((event) => {
    if (event.kind === kind && isWanted(event.object)) send(event.type, event.object);
  });
  const cancel = timers.after(Number(query.get('timeoutSeconds') ?? 1800) * 1000, () => response.end());
  response.once('close', () => {
    unsubscribe();
    cancel();
  });
}
