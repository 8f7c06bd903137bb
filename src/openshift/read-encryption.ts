import { conditionOf } from '../domain/condition.ts';
import type { Condition, EncryptionFacts } from '../domain/facts.ts';
import { mapReading, type Reading } from '../domain/reading.ts';
import type { ApiClient } from './api-client.ts';
import { config, operator } from './resource.ts';
import { apiServer, apiServerOperator } from './schemas.ts';

export async function readEncryption(api: ApiClient): Promise<EncryptionFacts> {
  const [type, kubeApiServer, openshiftApiServer] = await Promise.all([
    readType(api),
    readEncrypted(api, 'kubeapiservers'),
    readEncrypted(api, 'openshiftapiservers'),
  ]);
  return { type, kubeApiServer, openshiftApiServer };
}

/** Nothing written there means `identity`: no encryption. */
async function readType(api: ApiClient): Promise<Reading<string>> {
  const reading = await api.get(config('apiservers', 'cluster'), apiServer);
  return mapReading(reading, ({ spec }) => spec?.encryption?.type || 'identity');
}

async function readEncrypted(api: ApiClient, resource: string): Promise<Reading<Condition | undefined>> {
  const reading = await api.get(operator(resource, 'cluster'), apiServerOperator);
  return mapReading(reading, ({ status }) => conditionOf(status?.conditions ?? [], 'Encrypted'));
}
