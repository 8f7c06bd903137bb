import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { User } from '@kubernetes/client-node';
import type { CredentialsLife } from '../../domain/cluster/credentials-life.ts';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import { loadKubeConfig, tokenFileOf } from './kube-config.ts';

/**
 * Detects that the files of a connection's credentials were written or replaced: the kubeconfig and the token file that it names.
 * The answer changes with them; undefined: in a pod, whose credentials client-node reads again by itself.
 */
export function credentialsEdition(connection: ClusterConnection): () => Promise<string | undefined> {
  const { kubeconfig } = connection;
  if (kubeconfig === 'in-cluster') return async () => undefined;
  let known: { readonly own: string | undefined; readonly tokenFile: string | undefined } | undefined;
  return async () => {
    const own = await stateOf(kubeconfig.file);
    if (known === undefined || known.own !== own) known = { own, tokenFile: tokenFileOf(kubeconfig) };
    if (known.tokenFile === undefined) return own;
    return `${own} ${await stateOf(known.tokenFile)}`;
  };
}

/** Changes whenever the file is written or replaced; a file that is not there is for its reader to report. */
async function stateOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found && `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}`;
}

/** When the credentials end by their own word; read again only when their files changed. undefined: they do not say. */
export function credentialsLife(connection: ClusterConnection): () => Promise<CredentialsLife | undefined> {
  const edition = credentialsEdition(connection);
  let known: { readonly edition: string | undefined; readonly life: CredentialsLife | undefined } | undefined;
  return async () => {
    if (connection.kubeconfig === 'in-cluster') return undefined;
    const now = await edition();
    if (known === undefined || known.edition !== now) known = { edition: now, life: lifeOf(connection) };
    return known.life;
  };
}

function lifeOf(connection: ClusterConnection): CredentialsLife | undefined {
  try {
    const user = loadKubeConfig(connection).getCurrentUser();
    return user ? (tokenLife(user.token ?? '') ?? certificateLife(user)) : undefined;
  } catch {
    // What keeps a kubeconfig from being read is reported by the calls that need it.
    return undefined;
  }
}

/** The `exp` and `iat` of a JWT, which is not verified: only its server can. Undefined: no JWT, or one without end. */
export function tokenLife(token: string): CredentialsLife | undefined {
  const [, claims, signature] = token.split('.');
  if (claims === undefined || signature === undefined) return undefined;
  try {
    const { exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Record<
      string,
      unknown
    >;
    const [endsAt, since] = [momentOf(exp), momentOf(iat)];
    if (endsAt === undefined) return undefined;
    return { endsAt, ...(since !== undefined && since < endsAt ? { since } : {}) };
  } catch {
    return undefined;
  }
}

/** ms UTC of a claim's seconds; undefined: no number, or one that no date has (it would fail where it is shown). */
function momentOf(claim: unknown): number | undefined {
  if (typeof claim !== 'number') return undefined;
  const at = new Date(claim * 1000).getTime();
  return Number.isNaN(at) ? undefined : at;
}

function certificateLife({ certData, certFile, token }: User): CredentialsLife | undefined {
  if (token || !(certData || certFile)) return undefined;
  const pem = certData ? Buffer.from(certData, 'base64') : readFileSync(certFile ?? '');
  const { validFromDate, validToDate } = new X509Certificate(pem);
  return { endsAt: validToDate.getTime(), since: validFromDate.getTime() };
}
