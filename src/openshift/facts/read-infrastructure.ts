import type { InfrastructureFacts, ProxyFacts } from '../../domain/cluster/facts.ts';
import { mapReading, type Reading } from '../../domain/cluster/reading.ts';
import { proxySecrets, rememberSecrets } from '../../domain/redaction/redact.ts';
import type { ApiClient } from '../api/api-client.ts';
import { config } from '../api/resource.ts';
import { infrastructure, proxy } from '../api/schemas.ts';

export async function readInfrastructure(api: ApiClient): Promise<Reading<InfrastructureFacts>> {
  const reading = await api.get(config('infrastructures', 'cluster'), infrastructure);
  return mapReading(reading, ({ status }) => ({
    infrastructureName: status.infrastructureName,
    apiUrl: status.apiServerURL,
    // Before 4.8 the field did not exist and there was nothing else; the API's own default says the same.
    controlPlaneTopology: status.controlPlaneTopology || 'HighlyAvailable',
  }));
}

/**
 * The status, never the spec: that is only what was requested. SECRET: the URLs may hold passwords, which no text shows
 * from then on.
 */
export async function readProxy(api: ApiClient): Promise<Reading<ProxyFacts>> {
  return mapReading(await api.get(config('proxies', 'cluster'), proxy), ({ status }) => {
    rememberSecrets([...proxySecrets(status.httpProxy), ...proxySecrets(status.httpsProxy)]);
    return status;
  });
}
