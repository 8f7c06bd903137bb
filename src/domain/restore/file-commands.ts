import {
  fileKinds,
  type Manifest,
  type ManifestCopy,
  type ManifestFile,
} from '../copies/manifest-document.ts';
import { locationOf } from './manifest.ts';

/**
 * The commands of a restore plan that fetch and check the two files, one line or here-document each. Everything from outside
 * goes through `word`. They need a POSIX shell with GNU coreutils, and age or aws where a copy asks for them.
 */

/** One shell word, quoted where it has to be. */
export function word(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) && !text.startsWith('-')
    ? text
    : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Directory on the recovery host: of this run alone, since the restore script takes the newest of each kind. */
export function hostDirectory(manifest: Manifest): string {
  return `/home/core/assets/backup/restore-${manifest.runId}`;
}

/** A room of one's own: both files open every door of the cluster. */
export function roomCommands(manifest: Manifest): readonly string[] {
  const room = `restore-${manifest.runId}`;
  return [`umask 077 && mkdir -p ${room} && cd ${room}`];
}

/** Name under which a fetched copy lies before it is decrypted. */
function fetchedName(file: ManifestFile, copy: ManifestCopy): string {
  return copy.encryptedFor.length > 0 ? `${file.name}.age` : file.name;
}

/** Fetches one copy and proves that it is what was stored. */
export function fetchCommands(file: ManifestFile, copy: ManifestCopy): readonly string[] {
  const name = fetchedName(file, copy);
  return [...copyCommands(copy, name), digestCheck([{ sha256: copy.storedSha256, name }])];
}

/** What the reader has to set is asked for by the first line. */
function copyCommands(copy: ManifestCopy, name: string): readonly string[] {
  const { place } = copy;
  if (place.kind === 'directory') {
    if (place.where === undefined) return [`cp ${word(locationOf(copy))} ${word(name)}`];
    const variable = placeVariable(copy.destination);
    return [
      `: "\${${variable}:?first: export ${variable}=/the/directory/as/you/reach/it}"`,
      `cp "$${variable}"/${word(copy.key)} ${word(name)}`,
    ];
  }
  const endpoint = place.endpoint === null ? '' : ` --endpoint-url ${word(place.endpoint)}`;
  const region = place.region === null ? '' : ` --region ${word(place.region)}`;
  const fetch = `aws s3 cp ${word(locationOf(copy))} ${word(name)}${endpoint}${region}`;
  if (place.authorities === undefined) return [fetch];
  const variable = authorityVariable(copy.destination);
  return [
    `: "\${${variable}:?first: export ${variable}=/path/of/the/authority.pem}"`,
    `${fetch} --ca-bundle "$${variable}"`,
  ];
}

/** Where the reader has mounted the directory: `PLACE_NAS_1`. */
export function placeVariable(destination: string): string {
  return `PLACE_${shellName(destination)}`;
}

/** The file with the certificates of the endpoint's authority: `CA_VAULT`. */
export function authorityVariable(destination: string): string {
  return `CA_${shellName(destination)}`;
}

function shellName(destination: string): string {
  return destination.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** The reader sets `AGE_KEY_FILE`; left unset, the first line says so. */
export function decryptCommands(file: ManifestFile): readonly string[] {
  const key = '"$AGE_KEY_FILE"';
  return [
    `: "\${AGE_KEY_FILE:?first: export AGE_KEY_FILE=/path/of/your/age/key}"`,
    `age -d -i ${key} -o ${word(file.name)} ${word(`${file.name}.age`)}`,
  ];
}

export function digestsCommands(manifest: Manifest): readonly string[] {
  return [digestCheck(fileKinds.map((kind) => manifest.files[kind]))];
}

function digestCheck(files: readonly { readonly sha256: string; readonly name: string }[]): string {
  return `sha256sum -c <<'EOF'\n${digestLines(files)}\nEOF`;
}

export function digestLines(files: readonly { readonly sha256: string; readonly name: string }[]): string {
  return files.map(({ sha256, name }) => `${sha256}  ${name}`).join('\n');
}

/** etcd's own check: its last 32 bytes are the SHA-256 of all bytes before them. */
export function trailerCommands(snapshot: ManifestFile): readonly string[] {
  const name = word(snapshot.name);
  const body = `$(head -c -32 ${name} | sha256sum | cut -d ' ' -f 1)`;
  const trailer = `$(tail -c 32 ${name} | od -An -v -tx1 | tr -d ' \\n')`;
  return [
    `if [ "${body}" = "${trailer}" ]; then echo "snapshot: whole"; else echo "snapshot: DAMAGED, do not restore it"; false; fi`,
  ];
}

export function archiveCommands(resources: ManifestFile): readonly string[] {
  const name = word(resources.name);
  return [
    `if tar -tzf ${name} > /dev/null; then echo "static pod resources: whole"; else echo "static pod resources: DAMAGED, do not restore them"; false; fi`,
  ];
}
