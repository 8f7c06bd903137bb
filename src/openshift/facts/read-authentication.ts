import type { ApiClient } from '../api/api-client.ts';
import { config } from '../api/resource.ts';
import { authentication } from '../api/schemas.ts';

/** How people prove who they are: `OIDC` by an external provider, `None`, else the cluster's own OAuth. Undefined: not known. */
export async function readAuthenticationType(api: ApiClient): Promise<string | undefined> {
  const reading = await api.get(config('authentications', 'cluster'), authentication);
  return reading.ok ? reading.value.spec?.type : undefined;
}
