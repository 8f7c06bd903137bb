import type { VersionFacts } from '../../domain/cluster/facts.ts';
import type { Reading } from '../../domain/cluster/reading.ts';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import { type ApiClient, openApiClient } from '../api/api-client.ts';
import { credentialsEdition } from '../api/credentials.ts';
import { readVersion } from './read-version.ts';

/** Asks one cluster for its ClusterVersion again and again, with credentials that are loaded once. */
export interface VersionClient {
  /**
   * One GET; one more only when credentials that worked before are refused and are loaded again. Who asks while another
   * waits gets the same answer. Never throws.
   */
  read(): Promise<Reading<VersionFacts>>;
  close(): Promise<void>;
}

interface Kept {
  readonly api: ApiClient;
  /** Which state of the credentials' files it was made from. */
  readonly edition: string | undefined;
  /** It has brought an answer before. */
  answered: boolean;
}

/** After these the connection or the credentials may be at fault: the next look begins with new ones. */
const spoiled: readonly string[] = ['unauthorized', 'unreachable', 'timeout'];

/**
 * Between looks the credentials stay, the connection does not: it is closed after some idle seconds, and the next one
 * resumes its TLS session. A changed kubeconfig, refused credentials and any trouble on the way make it start over, so
 * that a rotated token is noticed and a frozen connection spoils one look only.
 */
export function openVersionClient(connection: ClusterConnection, onAnswer: () => void): VersionClient {
  const editionNow = credentialsEdition(connection);
  let kept: Kept | undefined;
  let underWay: Promise<Reading<VersionFacts>> | undefined;

  async function current(): Promise<Kept> {
    const edition = await editionNow();
    if (kept && kept.edition !== edition) await drop();
    kept ??= { api: openApiClient(connection, onAnswer), edition, answered: false };
    return kept;
  }

  async function look(session: Kept): Promise<Reading<VersionFacts>> {
    const reading = await readVersion(session.api);
    if (reading.ok || !spoiled.includes(reading.why.reason)) session.answered = true;
    else await drop();
    return reading;
  }

  async function drop(): Promise<void> {
    const session = kept;
    kept = undefined;
    await session?.api.close();
  }

  async function ask(): Promise<Reading<VersionFacts>> {
    const session = await current();
    const workedBefore = session.answered;
    const reading = await look(session);
    const refused = !reading.ok && reading.why.reason === 'unauthorized';
    return refused && workedBefore ? look(await current()) : reading;
  }

  return {
    read() {
      underWay ??= ask().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    close: drop,
  };
}
