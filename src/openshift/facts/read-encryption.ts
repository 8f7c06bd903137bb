import { conditionOf } from '../../domain/cluster/condition.ts';
import type { EncryptionConditions, EncryptionFacts } from '../../domain/cluster/facts.ts';
import { known, mapReading, type Reading } from '../../domain/cluster/reading.ts';
import type { ApiClient } from '../api/api-client.ts';
import { config, operator } from '../api/resource.ts';
import { apiServer, apiServerOperator } from '../api/schemas.ts';
import { readAuthenticationType } from './read-authentication.ts';

export async function readEncryption(api: ApiClient): Promise<EncryptionFacts> {
  const [type, kubeApiServer, openshiftApiServer, oauthApiServer] = await Promise.all([
    readType(api),
    readConditions(api, 'kubeapiservers'),
    readConditions(api, 'openshiftapiservers'),
    readOAuth(api),
  ]);
  return { type, kubeApiServer, openshiftApiServer, oauthApiServer };
}

/** Nothing written there means `identity`: no encryption. */
async function readType(api: ApiClient): Promise<Reading<string>> {
  const reading = await api.get(config('apiservers', 'cluster'), apiServer);
  return mapReading(reading, ({ spec }) => spec?.encryption?.type || 'identity');
}

async function readConditions(api: ApiClient, resource: string): Promise<Reading<EncryptionConditions>> {
  const reading = await api.get(operator(resource, 'cluster'), apiServerOperator);
  return mapReading(reading, ({ status }) => {
    const conditions = status?.conditions ?? [];
    return {
      encrypted: conditionOf(conditions, 'Encrypted'),
      migration: conditionOf(conditions, 'EncryptionMigrationControllerProgressing'),
    };
  });
}

/** The OAuth API server has a migration of its own. With an external provider it is not there, and what is said of it is old. */
async function readOAuth(api: ApiClient): Promise<EncryptionFacts['oauthApiServer']> {
  const [authentication, conditions] = await Promise.all([
    readAuthenticationType(api),
    readConditions(api, 'authentications'),
  ]);
  return authentication === 'OIDC' ? known(undefined) : conditions;
}
