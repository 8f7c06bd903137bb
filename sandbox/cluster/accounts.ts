import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';

/** Who a request is by: the name and groups that authorization sees. */
export interface Identity {
  username: string;
  groups: readonly string[];
}

/** Short names of the accounts for which `kubeconfig()` gives access. */
const accountNames = ['bot', 'admin', 'requester', 'approver', 'viewer'] as const;
export type AccountName = (typeof accountNames)[number];

export const botUser = 'system:serviceaccount:etcd-backup:etcd-backup';
const anonymous: Identity = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

const oauthGroups = ['system:authenticated:oauth', 'system:authenticated'];
const identities: Record<AccountName, Identity> = {
  bot: { username: botUser, groups: serviceAccountGroups('etcd-backup') },
  admin: { username: 'system:admin', groups: ['system:masters', 'system:authenticated'] },
  requester: { username: 'requester', groups: oauthGroups },
  approver: { username: 'approver', groups: oauthGroups },
  viewer: { username: 'viewer', groups: oauthGroups },
};

export function serviceAccountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}

/** Bearer tokens of the accounts, new for each cluster. */
export class Accounts {
  readonly #tokens = new Map<string, AccountName>();

  constructor() {
    for (const name of accountNames) this.reissue(name);
  }

  /** The identity behind an Authorization header; undefined for an unknown token (401). */
  identify(authorization: string | undefined): Identity | undefined {
    if (authorization === undefined) return anonymous;
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    const name = token === undefined ? undefined : this.#tokens.get(token);
    return name === undefined ? undefined : identities[name];
  }

  token(account: AccountName): string {
    for (const [token, name] of this.#tokens) if (name === account) return token;
    throw new Error(`No account "${account}"; known: ${accountNames.join(', ')}`);
  }

  /** Ends a token at once: the account's next request gets 401. */
  revoke(account: AccountName): void {
    this.#tokens.delete(this.token(account));
  }

  /** A new token for an account that has none (any more). */
  reissue(account: AccountName): void {
    this.#tokens.set(newToken(), account);
  }
}

function newToken(): string {
  return `sha256~${randomBytes(32).toString('base64url')}`;
}

/** A kubeconfig (YAML) with one context `sandbox`. */
export function kubeconfigYaml(input: { url: string; caPem: string; token: string; user: string }): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'sandbox',
        cluster: {
          server: input.url,
          'certificate-authority-data': Buffer.from(input.caPem).toString('base64'),
        },
      },
    ],
    users: [{ name: input.user, user: { token: input.token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: input.user, namespace: 'default' } }],
    'current-context': 'sandbox',
  });
}
