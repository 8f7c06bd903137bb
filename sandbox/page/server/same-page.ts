import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from the sandbox's own page. A page of another site can send requests to this machine's loopback, also
 * under a name of its own that it lets point here (DNS rebinding); it can forge neither Host nor Origin nor Sec-Fetch-Site.
 * The answer: why not, in one sentence; undefined: it does.
 */
export function whyNotOurs(headers: IncomingHttpHeaders, port: number): string | undefined {
  const host = headers.host ?? '';
  if (!ownHosts(port).includes(host))
    return `The sandbox answers only as ${ownHosts(port).join(' or ')}, not as “${host}”.`;
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`)
    return `The sandbox answers only its own page, not one of ${origin}.`;
  const site = headers['sec-fetch-site'];
  // A link on another page, or an address that was typed, may open the page: that changes nothing.
  const isOpened = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isOpened)
    return 'The sandbox answers only its own page, not one of another site.';
  return undefined;
}

/** Browsers say the Origin of every WebSocket: without one it is no page. */
export function whyNoSocket(headers: IncomingHttpHeaders, port: number): string | undefined {
  if (headers.origin === undefined)
    return 'The sandbox takes orders only from its own page: the request has no Origin.';
  return whyNotOurs(headers, port);
}

function ownHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}
