import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { findEtcdTools } from '../../src/drill/find-etcd.ts';

/** Two places off the cluster, and the people who can open what is encrypted. */
export interface OffClusterPlaces {
  /** Directories by the destination's name. */
  readonly destinations: { readonly 'nas-1': string; readonly vault: string };
  /** Files with secret keys, which a real bot's machine never holds. */
  readonly recipients: readonly {
    readonly name: string;
    readonly publicKey: string;
    readonly keyFile: string;
  }[];
}

const recipientNames = ['recovery-1', 'recovery-2'];

export async function prepareOffCluster(dir: string): Promise<OffClusterPlaces> {
  const place = async (name: string) => {
    const made = path.join(dir, 'destinations', name);
    await mkdir(made, { recursive: true, mode: 0o700 });
    return made;
  };
  return {
    destinations: { 'nas-1': await place('nas-1'), vault: await place('vault') },
    recipients: await Promise.all(recipientNames.map((name) => makeRecipient(dir, name))),
  };
}

async function makeRecipient(dir: string, name: string): Promise<OffClusterPlaces['recipients'][number]> {
  const folder = path.join(dir, 'recipients');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const identity = await generateX25519Identity();
  const publicKey = await identityToRecipient(identity);
  const keyFile = path.join(folder, `${name}.key`);
  await writeFile(keyFile, `# public key: ${publicKey}\n${identity}\n`, { mode: 0o600 });
  return { name, publicKey, keyFile };
}

/** What the bot's configuration says of them, at its top and at the cluster. */
export function offClusterConfiguration(
  { destinations, recipients }: OffClusterPlaces,
  { drill }: { readonly drill: boolean },
): { readonly top: object; readonly cluster: object } {
  return {
    top: {
      destinations: [
        { name: 'nas-1', directory: { path: destinations['nas-1'] }, custodians: ['storage team'] },
        { name: 'vault', directory: { path: destinations.vault }, custodians: ['security team'] },
      ],
      recipients: recipients.map(({ name, publicKey }) => ({ name, key: publicKey })),
    },
    cluster: {
      copies: {
        snapshot: { to: 'nas-1' },
        resources: { to: 'vault', encryptFor: recipients.map(({ name }) => name) },
      },
      keepOnNode: 1,
      drill,
    },
  };
}

/** Whether the bot of this sandbox will find what a drill needs. */
export function canDrill(pathEnv: string | undefined): boolean {
  return findEtcdTools(pathEnv ?? '') !== undefined;
}
