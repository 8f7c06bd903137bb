import type { ProxySettings } from '../domain/network/proxy-settings.ts';

/** Of these, Go and Node take one spelling first: the other one must not be set beside a configured value. */
const twoSpellings = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];

/** Where Go looks beside its one file of authorities, on the systems that the bot runs on. */
const systemCertificates = '/etc/ssl/certs:/etc/pki/tls/certs';

/** What holds for everything that the bot connects to, the client among it. */
export interface ClientNetwork {
  /** undefined: directly, whatever the process's environment says. */
  readonly proxy: ProxySettings | undefined;
  /** Directory that holds nothing but authorities to be trusted beside the system's; undefined: there are none. */
  readonly certificates: string | undefined;
}

/**
 * The environment for oc or kubectl: what it needs of the bot's own, above it the proxy and the authorities of the bot, and above
 * all what the configuration says of the client alone. SECRET: a proxy's address may hold a password.
 */
export function clientEnvironment(
  own: Readonly<Record<string, string>>,
  configured: Readonly<Record<string, { reveal(): string }>>,
  network: ClientNetwork,
): Readonly<Record<string, string>> {
  const said = Object.entries(configured).map(([name, value]) => [name, value.reveal()] as const);
  const shared = Object.fromEntries(
    Object.entries(own).filter(([name]) => !twoSpellings.includes(name.toUpperCase())),
  );
  const replaced = new Set(said.map(([name]) => name.toUpperCase()));
  const proxy = Object.entries(proxyVariables(network.proxy)).filter(([name]) => !replaced.has(name));
  const trusted = certificateVariables(own, network.certificates);
  return { ...shared, ...Object.fromEntries(proxy), ...trusted, ...Object.fromEntries(said) };
}

function proxyVariables(proxy: ProxySettings | undefined): Readonly<Record<string, string>> {
  if (!proxy) return {};
  const { https, http, noProxy } = proxy;
  return {
    ...(https ? { HTTPS_PROXY: https.href() } : {}),
    ...(http ? { HTTP_PROXY: http.href() } : {}),
    ...(noProxy === '' ? {} : { NO_PROXY: noProxy }),
  };
}

/** Go reads one file, and every file of these directories. */
function certificateVariables(
  own: Readonly<Record<string, string>>,
  directory: string | undefined,
): Readonly<Record<string, string>> {
  if (directory === undefined) return {};
  return { SSL_CERT_DIR: `${own.SSL_CERT_DIR ?? systemCertificates}:${directory}` };
}
