import type { ProxyFacts } from '../cluster/facts.ts';
import type { Reading } from '../cluster/reading.ts';
import { noProxyCovers } from '../network/no-proxy.ts';
import { type Finding, finding } from './finding.ts';

/** Whether the script needs the environment of a proxy. A `noProxy` alone is no proxy. */
export function proxyInUse(proxy: ProxyFacts): boolean {
  return proxy.httpProxy !== '' || proxy.httpsProxy !== '';
}

/** etcd's gRPC honours HTTPS_PROXY: where `noProxy` lacks the node's own IP, the snapshot would go through the proxy. */
export function proxyFindings(proxy: Reading<ProxyFacts>, nodeIp: string | undefined): readonly Finding[] {
  if (!proxy.ok) return [finding('warning', 'proxy.unreadable', { why: proxy.why })];
  if (!proxyInUse(proxy.value)) return [finding('passed', 'proxy.none', {})];
  const exported = finding('passed', 'proxy.exported', {});
  if (nodeIp === undefined || noProxyCovers(proxy.value.noProxy, nodeIp)) return [exported];
  return [exported, finding('warning', 'proxy.node-not-excluded', { nodeIp })];
}
