import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { type Identity, serviceAccountGroups } from './accounts.ts';
import { type KubeObject, timestamp } from './kube-object.ts';
import { kindOf } from './objects.ts';
import { invalid, notFound } from './status.ts';
import type { ObjectStore } from './store.ts';

export interface TokenOptions {
  /** The longest life of a token of a TokenRequest, as `--service-account-max-token-expiration` sets it; absent: none. */
  readonly maxTokenSeconds?: number;
}

interface Issued {
  readonly username: string;
  readonly namespace: string;
  readonly accountUid: string | undefined;
  /** Seconds since 1970; undefined: it does not end. */
  readonly expiresAt: number | undefined;
  /** The Secret that holds a long-lived one. */
  readonly secret: { readonly name: string; readonly uid: string | undefined } | undefined;
}

const leastSeconds = 600;
const usualSeconds = 3600;
const tokenType = 'kubernetes.io/service-account-token';
const accountName = 'kubernetes.io/service-account.name';

/** Tokens of service accounts, as JWTs. They end with their time, their account or their Secret. */
export class ServiceAccountTokens {
  readonly #issued = new Map<string, Issued>();
  readonly #key = randomBytes(32);
  readonly #store: ObjectStore;
  readonly #now: () => Date;
  readonly #maxSeconds: number | undefined;

  constructor(store: ObjectStore, now: () => Date, { maxTokenSeconds }: TokenOptions) {
    this.#store = store;
    this.#now = now;
    this.#maxSeconds = maxTokenSeconds;
  }

  /** The identity behind an Authorization header; undefined for one that is unknown or over (401). */
  identify(authorization: string | undefined): Identity | undefined {
    const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    const issued = token === undefined ? undefined : this.#issued.get(token);
    if (issued === undefined || !this.#holds(issued)) return undefined;
    return { username: issued.username, groups: serviceAccountGroups(issued.namespace) };
  }

  /** Answers a TokenRequest (subresource `token` of a service account). */
  answerRequest(name: string, namespace: string, request: KubeObject): object {
    const account = this.#store.get(kindOf('serviceaccounts'), name, namespace);
    const asked = request.spec?.expirationSeconds ?? usualSeconds;
    if (asked < leastSeconds) {
      throw invalid('TokenRequest', '', [
        [
          'spec.expirationSeconds',
          `Invalid value: ${asked}: may not specify a duration less than 10 minutes`,
        ],
      ]);
    }
    const seconds = Math.min(asked, this.#maxSeconds ?? asked);
    const expiresAt = Math.floor(this.#now().getTime() / 1000) + seconds;
    const token = this.#issue(account, { expiresAt, secret: undefined });
    return {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: timestamp(this.#now()) },
      spec: {
        audiences: ['https://kubernetes.default.svc'],
        expirationSeconds: seconds,
        boundObjectRef: null,
      },
      status: { token, expirationTimestamp: timestamp(new Date(expiresAt * 1000)) },
    };
  }

  /** What the token controller puts into a new Secret of its type; undefined: it is none. */
  dataFor(secret: KubeObject, caPem: string): Record<string, string> | undefined {
    const account = secret.metadata.annotations?.[accountName];
    const { namespace = '', name, uid } = secret.metadata;
    if (secret.type !== tokenType || account === undefined) return undefined;
    const found = this.#store.find(kindOf('serviceaccounts'), account, namespace);
    if (found === undefined) throw notFound({ group: '', resource: 'serviceaccounts', name: account });
    const token = this.#issue(found, { expiresAt: undefined, secret: { name, uid } });
    const encoded = (text: string) => Buffer.from(text).toString('base64');
    return { token: encoded(token), 'ca.crt': encoded(caPem), namespace: encoded(namespace) };
  }

  #issue(account: KubeObject, how: Pick<Issued, 'expiresAt' | 'secret'>): string {
    const { name, namespace = '', uid } = account.metadata;
    const username = `system:serviceaccount:${namespace}:${name}`;
    const iat = Math.floor(this.#now().getTime() / 1000);
    const claims = {
      iss: 'https://kubernetes.default.svc',
      sub: username,
      iat,
      jti: randomUUID(),
      ...(how.expiresAt === undefined ? {} : { exp: how.expiresAt }),
    };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    const token = `${signed}.${createHmac('sha256', this.#key).update(signed).digest('base64url')}`;
    this.#issued.set(token, { username, namespace, accountUid: uid, ...how });
    return token;
  }

  #holds({ username, namespace, accountUid, expiresAt, secret }: Issued): boolean {
    if (expiresAt !== undefined && this.#now().getTime() >= expiresAt * 1000) return false;
    const name = username.split(':').at(-1) ?? '';
    const account = this.#store.find(kindOf('serviceaccounts'), name, namespace);
    if (account === undefined || account.metadata.uid !== accountUid) return false;
    if (secret === undefined) return true;
    return this.#store.find(kindOf('secrets'), secret.name, namespace)?.metadata.uid === secret.uid;
  }
}
