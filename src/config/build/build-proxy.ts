import { ProxyAddress } from '../../domain/network/proxy-address.ts';
import type { ProxySettings } from '../../domain/network/proxy-settings.ts';
import type { Mistake } from '../file/mistake.ts';
import type { Environment } from '../file/references.ts';
import { type ProxyEntry, proxyExpected } from '../schema/proxy-schema.ts';
import type { ConfiguredProxy } from './config.ts';

/**
 * The proxy that holds: that of the file, else that of the environment; never a mixture of both. Names are looked for in Go's
 * order, so that oc and kubectl take the same one.
 */
export function proxyOf(entry: ProxyEntry | undefined, env: Environment): ConfiguredProxy {
  if (entry === 'none') return { from: 'file', settings: undefined };
  if (entry !== undefined) {
    const noProxy = [entry.noProxy].flat().join(',');
    return { from: 'file', settings: settingsOf(entry.url, entry.url, noProxy, env) };
  }
  const https = addressIn(env, 'HTTPS_PROXY');
  const http = addressIn(env, 'HTTP_PROXY');
  const settings =
    https || http ? settingsOf(https, http, variable(env, 'NO_PROXY')?.value ?? '', env) : undefined;
  return { from: 'environment', settings };
}

/** Proxies of the environment that are no address of an HTTP proxy; nothing of them is shown. */
export function environmentMistakes(entry: unknown, env: Environment): readonly Mistake[] {
  if (entry !== undefined) return [];
  return (['HTTPS_PROXY', 'HTTP_PROXY'] as const).flatMap((name) => {
    const found = variable(env, name);
    if (found === undefined || ProxyAddress.parse(found.value)) return [];
    const hint = 'set it where the bot is started, or put proxy: into the file (none: no proxy at all)';
    const expected = `${proxyExpected}, in the environment variable`;
    return [{ key: found.name, line: undefined, expected, found: 'a value (not shown)', hint }];
  });
}

/** The pod's own API server has an address that only the cluster's network knows. */
function settingsOf(
  https: ProxyAddress | undefined,
  http: ProxyAddress | undefined,
  noProxy: string,
  env: Environment,
): ProxySettings {
  const own = env.KUBERNETES_SERVICE_HOST;
  return {
    https,
    http,
    noProxy: [noProxy, own].filter((each) => each !== undefined && each !== '').join(','),
  };
}

function addressIn(env: Environment, name: string): ProxyAddress | undefined {
  const found = variable(env, name);
  return found && ProxyAddress.parse(found.value);
}

function variable(env: Environment, upper: string): { name: string; value: string } | undefined {
  for (const name of [upper, upper.toLowerCase()]) {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined && value !== '') return { name, value };
  }
  return undefined;
}
