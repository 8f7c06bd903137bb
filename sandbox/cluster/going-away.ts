import type { ServerResponse } from 'node:http';
import type { Http2ServerRequest, ServerHttp2Session } from 'node:http2';

/** When the connection ends, seen from the request that a GOAWAY strikes. */
export type GoAway = 'before' | 'after' | 'answered';

interface Connection {
  /** Answers that are still owed, by stream. */
  readonly open: Map<number, ServerResponse>;
  /** Streams above it were not processed, and the client knows; undefined: no GOAWAY was sent. */
  last: number | undefined;
}

const connections = new WeakMap<ServerHttp2Session, Connection>();

/** False: the connection is going away and the request came behind its last stream; nothing may be done with it. */
export function takeUp(request: unknown, response: ServerResponse): boolean {
  const at = placeOf(request);
  if (!at) return true;
  const { session, stream } = at;
  const connection = connections.get(session) ?? { open: new Map(), last: undefined };
  connections.set(session, connection);
  if (connection.last !== undefined && stream > connection.last) return false;
  connection.open.set(stream, response);
  response.once('close', () => settle(session, connection, stream));
  return true;
}

/**
 * Ends the connection of a request as an API server's `--goaway-chance` and a load balancer do. `before`: nothing was
 * done; `after`: it was done, the answer is lost; `answered`: the answer comes, the connection is not used again.
 * Other streams get their answers. Over HTTP/1.1 the connection closes at the same moment. True: there is no more to do.
 */
export function goAway(request: unknown, response: ServerResponse, when: GoAway): boolean {
  const at = placeOf(request);
  if (when === 'answered') {
    if (at) response.once('finish', () => announce(at.session, at.stream));
    else response.setHeader('connection', 'close');
    return false;
  }
  if (when === 'after') {
    response.end = () => {
      if (at) announce(at.session, at.stream, at.stream);
      else response.socket?.destroy();
      return response;
    };
    return false;
  }
  if (at) announce(at.session, at.stream - 1, at.stream);
  else response.socket?.destroy();
  return true;
}

function placeOf(request: unknown): { session: ServerHttp2Session; stream: number } | undefined {
  const { stream } = request as Partial<Http2ServerRequest>;
  const session = stream?.session as ServerHttp2Session | undefined;
  return session && stream?.id !== undefined ? { session, stream: stream.id } : undefined;
}

/** `silent`: the stream that gets no answer. */
function announce(session: ServerHttp2Session, last: number, silent?: number): void {
  const connection = connections.get(session);
  if (!connection || session.destroyed) return;
  connection.last = Math.min(last, connection.last ?? last);
  session.goaway(0, connection.last);
  settle(session, connection, silent);
}

function settle(session: ServerHttp2Session, connection: Connection, stream: number | undefined): void {
  if (stream !== undefined) connection.open.delete(stream);
  const { last } = connection;
  if (last === undefined || session.destroyed || [...connection.open.keys()].some((open) => open <= last))
    return;
  // The frames that were written before go out first.
  session.ping(() => session.destroy());
}
