import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ProxyAddress } from '../../domain/network/proxy-address.ts';
import { proxyFor } from '../../domain/network/proxy-settings.ts';
import type { S3Limits, S3Options } from './s3-options.ts';

type RequestHandler = Extract<NonNullable<S3ClientConfig['requestHandler']>, { handle: unknown }>;
type Request = Parameters<RequestHandler['handle']>[0];

/**
 * Sends each request on its own way, directly or through the proxy. The SDK asks its token service for credentials with the
 * same handler, and that is another host.
 */
export function s3RequestHandler(options: S3Options, limits: S3Limits): RequestHandler {
  const direct = handlerBy(options, limits, undefined);
  if (!options.proxy) return direct;
  const byProxy = new Map<ProxyAddress, NodeHttpHandler>();
  const wayOf = (request: Request): NodeHttpHandler => {
    const proxy = proxyFor(options.proxy, addressOf(request));
    if (!proxy) return direct;
    const made = byProxy.get(proxy) ?? handlerBy(options, limits, proxy.href());
    byProxy.set(proxy, made);
    return made;
  };
  return {
    metadata: direct.metadata,
    handle: (request: Request, given?: Parameters<NodeHttpHandler['handle']>[1]) =>
      wayOf(request).handle(request, given),
    destroy() {
      for (const each of [direct, ...byProxy.values()]) each.destroy();
    },
    updateHttpClientConfig(key, value) {
      for (const each of [direct, ...byProxy.values()]) each.updateHttpClientConfig(key, value);
    },
    httpHandlerConfigs: () => direct.httpHandlerConfigs(),
  };
}

function handlerBy({ ca }: S3Options, limits: S3Limits, proxyUrl: string | undefined): NodeHttpHandler {
  const proxied = proxyUrl === undefined ? {} : { proxyEnv: { HTTPS_PROXY: proxyUrl, HTTP_PROXY: proxyUrl } };
  return new NodeHttpHandler({
    connectionTimeout: limits.connectMs,
    requestTimeout: limits.requestMs,
    throwOnRequestTimeout: true,
    socketTimeout: limits.stallMs,
    ...(ca === undefined && proxyUrl === undefined
      ? {}
      : {
          httpsAgent: new HttpsAgent({ keepAlive: true, ...(ca === undefined ? {} : { ca }), ...proxied }),
          httpAgent: new HttpAgent({ keepAlive: true, ...proxied }),
        }),
  });
}

function addressOf({ protocol, hostname, port }: Request): string {
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
  return `${protocol}//${host}${port === undefined ? '' : `:${port}`}`;
}
