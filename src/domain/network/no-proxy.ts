import { type IpBytes, isLoopback, networkHolds, parseIp, parseNetwork, sameIp } from '../text/ip-address.ts';

/** etcd's client port: the script's etcdctl connects to the node's own IP there. */
const etcdPort = '2379';

/**
 * Whether a program written in Go (etcdctl, podman, crictl) connects to `host` without the proxy.
 * The rules are those of golang.org/x/net/http/httpproxy: `*`, CIDR, IP, IP:port, domain and its subdomains;
 * localhost and loopback always; a domain entry never matches an IP.
 */
export function noProxyCovers(noProxy: string, host: string, port = etcdPort): boolean {
  const wanted = host.toLowerCase();
  const ip = parseIp(wanted);
  if (wanted === 'localhost' || (ip && isLoopback(ip))) return true;
  const entries = noProxy.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.some((entry) => entry !== '' && entryCovers(entry, { host: wanted, ip, port }));
}

function entryCovers(
  entry: string,
  target: { host: string; ip: IpBytes | undefined; port: string },
): boolean {
  if (entry === '*') return true;
  const network = parseNetwork(entry);
  if (network) return target.ip !== undefined && networkHolds(network, target.ip);
  const { host, port } = splitPort(entry);
  if (port !== '' && port !== target.port) return false;
  const ip = parseIp(host);
  if (ip) return target.ip !== undefined && sameIp(ip, target.ip);
  if (target.ip || host === '') return false;
  const domain = host.startsWith('*.') ? host.slice(1) : host;
  if (domain.startsWith('.')) return target.host.endsWith(domain);
  return target.host === domain || target.host.endsWith(`.${domain}`);
}

/** `10.0.0.1:2379`, `[fd00::1]:2379`, `example.com:443`; a bare IPv6 address has no port. */
function splitPort(entry: string): { host: string; port: string } {
  const bracket = entry.startsWith('[') ? entry.lastIndexOf(']:') : -1;
  if (bracket > 0) return { host: entry.slice(1, bracket), port: entry.slice(bracket + ']:'.length) };
  const plain = /^([^:]*):([^:]*)$/.exec(entry);
  return plain ? { host: plain[1] ?? '', port: plain[2] ?? '' } : { host: entry, port: '' };
}

/**
 * The NO_PROXY for the script: the cluster's own list and, where it does not name them, the node's IP, `localhost`
 * and `127.0.0.1`. They are added by name even where a CIDR covers them: not every program understands CIDR.
 */
export function exportedNoProxy(noProxy: string, nodeIp: string): string {
  const entries = noProxy
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const listed = entries.map((entry) => entry.toLowerCase());
  const missing = [nodeIp, 'localhost', '127.0.0.1'].filter((entry) => !listed.includes(entry.toLowerCase()));
  return [...entries, ...missing].join(',');
}
