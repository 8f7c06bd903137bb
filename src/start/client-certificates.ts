import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory for oc and kubectl with the authorities that the bot trusts beside the system's; undefined: there are none. */
export async function writeClientCertificates(
  pems: readonly (string | undefined)[],
): Promise<{ readonly directory: string; remove(): Promise<void> } | undefined> {
  const text = pems.filter((each) => each !== undefined && each.trim() !== '').join('\n');
  if (text === '') return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'etcd-backup-ca-'));
  await writeFile(join(directory, 'ca.pem'), text);
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
