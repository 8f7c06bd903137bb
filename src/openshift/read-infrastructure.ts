import type { InfrastructureFacts, ProxyFacts } from '../domain/facts.ts';
import { mapReading, type Reading } from '../domain/reading.ts';
import type { ApiClient } from './api-client.ts';
import { config } from './resource.ts';
import { infrastructure, proxy } from './schemas.ts';

export async function readInfrastructure(api: ApiClient): Promise<Reading<InfrastructureFacts>> {
  const reading = await api.get(config('infrastructures', 'cluster'), infrastructure);
  return mapReading(reading, ({ status }) => ({
    infrastructureName: status.infrastructureName,
    apiUrl: status.apiServerURL,
    // Before 4.8 the field did not exist and there was nothing else; the API's own default says the same.
    controlPlaneTopology: status.controlPlaneTopology || 'HighlyAvailable',
  }));
}

/** The status, never the spec: that is only what somebody asked for. SECRET: the URLs may hold passwords. */
export async function readProxy(api: ApiClient): Promise<Reading<ProxyFacts>> {
  return mapReading(await api.get(config('proxies', 'cluster'), proxy), ({ status }) => status);
}
