import type { Socket } from 'node:net';
import {
  Agent,
  buildConnector,
  Dispatcher,
  Pool,
  ProxyAgent,
  FormData as UndiciFormData,
  fetch as undiciFetch,
} from 'undici';
import type { ProxyAddress } from '../../domain/network/proxy-address.ts';
import { type ProxySettings, proxyFor } from '../../domain/network/proxy-settings.ts';

/** HTTP/1.1 alone, as everywhere else (decision 0017); a WebSocket needs a connection of its own anyway. */
const http1 = { allowH2: false };
/**
 * For the proxy's answer to CONNECT; undici's own limit is 300 s. Later requests to the same host queue behind it, and aborting the
 * request that asked for the tunnel does not end it.
 */
const connectAnswerMs = 10_000;

/**
 * Sends each request on its own way, directly or through the proxy, and knows the connections that it opened: undici hides that of a
 * WebSocket, so that nothing else could end one whose peer fell silent.
 */
export class ProxiedDispatcher extends Dispatcher {
  readonly #settings: ProxySettings;
  readonly #direct: Dispatcher;
  readonly #byProxy = new Map<ProxyAddress, Dispatcher>();
  readonly #sockets = new Set<Socket>();

  constructor(settings: ProxySettings) {
    super();
    this.#settings = settings;
    this.#direct = new Agent({ connect: this.#noted(buildConnector(http1)) });
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#wayTo(String(options.origin)).dispatch(options, handler);
  }

  /** Ends every connection that is open. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends every connection and every request, for good: a request that waits would open the next connection. */
  end(): void {
    for (const each of [this.#direct, ...this.#byProxy.values()]) void each.destroy().catch(() => undefined);
    this.drop();
  }

  #wayTo(origin: string): Dispatcher {
    const proxy = proxyFor(this.#settings, origin);
    if (!proxy) return this.#direct;
    const known = this.#byProxy.get(proxy);
    if (known) return known;
    const made = new ProxyAgent({
      uri: proxy.href(),
      requestTls: http1,
      clientFactory: (address, given) => {
        const { connect } = given as { connect: buildConnector.connector };
        return new Pool(address, { connect: this.#noted(connect), headersTimeout: connectAnswerMs });
      },
      proxyTls: http1,
    });
    this.#byProxy.set(proxy, made);
    return made;
  }

  #noted(connect: buildConnector.connector): buildConnector.connector {
    return (options, callback) =>
      connect(options, (...result) => {
        const [, socket] = result;
        if (socket) {
          this.#sockets.add(socket);
          socket.once('close', () => this.#sockets.delete(socket));
        }
        callback(...result);
      });
  }
}

/** fetch on the way that the settings say; Node's own without them. */
export function fetchThrough(dispatcher: Dispatcher | undefined): typeof fetch {
  if (!dispatcher) return fetch;
  // Node's own fetch takes no dispatcher of another release of undici than its own.
  return (async (url: string, init: RequestInit) =>
    undiciFetch(url, {
      ...(init as object),
      body: init.body instanceof FormData ? formOf(init.body) : (init.body as string),
      dispatcher,
    })) as unknown as typeof fetch;
}

/** undici's fetch knows the form of its own release only: uploads come in Node's. */
function formOf(form: FormData): UndiciFormData {
  const copy = new UndiciFormData();
  for (const [name, value] of form) {
    if (typeof value === 'string') copy.append(name, value);
    else copy.append(name, value, value.name);
  }
  return copy;
}
