/** The HTTP status with which a proxy refused a tunnel, as undici and Node.js word it; undefined: something else happened. */
export function proxyRefusalIn(message: string): number | undefined {
  const found =
    /\bProxy response \((\d{3})\)/.exec(message) ??
    /\bFailed to establish tunnel to \S{1,300} via \S{1,300} HTTP\/1\.[01] (\d{3})\b/.exec(message) ??
    /\bProxy Authentication Required \((407)\)/.exec(message);
  return found ? Number(found[1]) : undefined;
}

/** In words for after "because" or a colon; names no address, user or password. */
export function proxyRefusalText(status: number): string {
  const refused = `the proxy refuses the connection (HTTP ${status})`;
  if (status === 407) return `${refused}: it wants a user and a password, or other ones than it is given`;
  if (status === 403) return `${refused}: its rules do not allow this address`;
  if (status >= 500) return `the proxy cannot reach the address (HTTP ${status})`;
  return refused;
}
