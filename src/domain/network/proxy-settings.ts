import { noProxyCovers } from './no-proxy.ts';
import type { ProxyAddress } from './proxy-address.ts';

/** The one proxy setting, for everything that the bot connects to. */
export interface ProxySettings {
  /** For `https:` and `wss:` addresses; undefined: directly. */
  readonly https: ProxyAddress | undefined;
  /** For `http:` and `ws:` addresses. */
  readonly http: ProxyAddress | undefined;
  /** What is reached directly, separated by commas, by the rules of Go's programs. */
  readonly noProxy: string;
}

/** The proxy that leads to `address`; undefined: it is reached directly. */
export function proxyFor(settings: ProxySettings | undefined, address: string): ProxyAddress | undefined {
  if (!settings || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isSecure = url.protocol === 'https:' || url.protocol === 'wss:';
  const proxy = isSecure ? settings.https : settings.http;
  if (!proxy) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (isSecure ? '443' : '80') : url.port;
  return noProxyCovers(settings.noProxy, host, port) ? undefined : proxy;
}
