import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { rememberSecrets } from '../domain/redaction/redact.ts';
import type { AdminApi } from '../openshift/api/admin-api.ts';
import { accountName, accountNamespace } from './objects.ts';
import { EnrollError } from './problem.ts';

export const enrollManager = 'etcd-backup-enroll';
const enrollLabel = `app.kubernetes.io/managed-by=${enrollManager}`;

/** SECRET: `token`. */
export interface AccountToken {
  readonly token: string;
  /** The Secret of a long-lived one. */
  readonly secret?: string;
  /** It was there before. */
  readonly kept?: true;
  /** Other Secrets of it that are still valid. */
  readonly others?: readonly string[];
}

const tokenRequest = z.looseObject({ status: z.looseObject({ token: z.string().min(1) }) });

/** A token that ends. The API server may give less time than is asked for. */
export async function requestToken(api: AdminApi, seconds: number): Promise<AccountToken> {
  const path = `/api/v1/namespaces/${accountNamespace}/serviceaccounts/${accountName}/token`;
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: [], expirationSeconds: seconds },
  };
  const { token } = tokenRequest.parse(await api.create(path, body)).status;
  rememberSecrets([token]);
  return { token };
}

const secretsPath = `/api/v1/namespaces/${accountNamespace}/secrets`;
const secretType = 'kubernetes.io/service-account-token';
const secretSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string(),
    creationTimestamp: z.string().optional(),
  }),
  type: z.string().optional(),
  data: z.looseObject({ token: z.string().optional() }).nullish(),
});
type TokenSecret = z.output<typeof secretSchema>;
const waitMs = 30_000;

/** A token without end, in a Secret. `renew`: a new one beside those that are there, which stay valid until they are removed. */
export async function longLivedToken(
  api: AdminApi,
  { renew, monotonic }: { readonly renew: boolean; readonly monotonic: () => number },
): Promise<AccountToken> {
  const found = await tokenSecrets(api);
  const [newest] = found;
  const made = newest && !renew ? newest : secretSchema.parse(await api.create(secretsPath, newSecret()));
  const { name } = made.metadata;
  const token = tokenIn(made) ?? (await filledToken(api, name, monotonic));
  rememberSecrets([token]);
  const others = found.map((each) => each.metadata.name).filter((each) => each !== name);
  return { token, secret: name, others, ...(made === newest ? { kept: true as const } : {}) };
}

/** The Secrets that this command made for its tokens, newest first. */
export async function tokenSecrets(api: AdminApi): Promise<readonly TokenSecret[]> {
  const query = new URLSearchParams({ labelSelector: enrollLabel });
  const list = z.looseObject({ items: z.array(secretSchema).nullable() });
  const { items } = list.parse((await api.get(`${secretsPath}?${query}`)) ?? { items: [] });
  const age = (each: TokenSecret) => each.metadata.creationTimestamp ?? '';
  return (items ?? [])
    .filter(({ type }) => type === secretType)
    .toSorted((a, b) => age(b).localeCompare(age(a)));
}

function newSecret(): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: secretType,
    metadata: {
      generateName: 'etcd-backup-token-',
      labels: {
        'app.kubernetes.io/managed-by': enrollManager,
        'app.kubernetes.io/part-of': 'slack-etcd-backup',
      },
      annotations: { 'kubernetes.io/service-account.name': accountName },
    },
  };
}

/** The cluster's token controller fills a new Secret a moment later. */
async function filledToken(api: AdminApi, name: string, monotonic: () => number): Promise<string> {
  const until = monotonic() + waitMs;
  for (;;) {
    const read = secretSchema.parse((await api.get(`${secretsPath}/${encodeURIComponent(name)}`)) ?? {});
    const token = tokenIn(read);
    if (token !== undefined) return token;
    if (monotonic() > until) {
      throw new EnrollError(
        `Secret ${name} in ${accountNamespace} has no token after ${waitMs / 1000} s: the cluster's token controller did not fill it. Run this again, or take --token bound`,
      );
    }
    await delay(200);
  }
}

function tokenIn({ data }: TokenSecret): string | undefined {
  return data?.token ? Buffer.from(data.token, 'base64').toString('utf8') : undefined;
}
