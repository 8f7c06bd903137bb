import { basename, dirname, join } from 'node:path';
import { errorCode } from './directory-errors.ts';
import { abandonedAfterMs } from './part-names.ts';
import { type PlaceFiles, seen, unlinkIfPossible } from './place-files.ts';

const claimPauseMs = 100;
const claimTries = 50;

export interface Claim {
  /** The name to be given. */
  readonly path: string;
  /** Ours; its time is what the clock of the place shows. */
  readonly part: string;
  readonly pause: (ms: number) => Promise<unknown>;
}

/**
 * Runs `give` while this writer alone may give the name `path`, which must be free: EEXIST otherwise. For file systems without
 * hard links, whose rename() replaces what is there: each writer first creates the claim `.NAME.claim`, which only one can
 * create (O_EXCL), looks at the name while it holds the claim, and only then renames. A claim is held for an instant; one that
 * is older than an hour by the place's clock belongs to a process that died in it, and is removed.
 * Foreign programs that write the same name do not know of claims.
 */
export async function whileClaimed(
  files: PlaceFiles,
  claim: Claim,
  give: () => Promise<void>,
): Promise<void> {
  const claimFile = join(dirname(claim.path), `.${basename(claim.path)}.claim`);
  await take(files, claim, claimFile);
  try {
    if (await seen(files, claim.path)) throw taken(claim.path);
    if ((await readClaim(files, claimFile)) !== basename(claim.part)) throw taken(claim.path);
    await give();
  } finally {
    await unlinkIfPossible(files, claimFile);
  }
}

async function take(files: PlaceFiles, claim: Claim, claimFile: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    if (await seen(files, claim.path)) throw taken(claim.path);
    if (await tryToTake(files, claimFile, basename(claim.part))) return;
    if (tries === claimTries) throw taken(claim.path);
    await removeIfDead(files, claim, claimFile);
    await claim.pause(claimPauseMs);
  }
}

async function tryToTake(files: PlaceFiles, claimFile: string, holder: string): Promise<boolean> {
  try {
    const file = await files.open(claimFile, 'wx', 0o600);
    try {
      await file.writeFile(holder);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfDead(files: PlaceFiles, { part }: Claim, claimFile: string): Promise<void> {
  const [ours, theirs] = [await seen(files, part), await seen(files, claimFile)];
  if (!ours || !theirs || Number(ours.mtimeMs - theirs.mtimeMs) <= abandonedAfterMs) return;
  await unlinkIfPossible(files, claimFile);
}

async function readClaim(files: PlaceFiles, claimFile: string): Promise<string> {
  const file = await files.open(claimFile, 'r');
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function taken(path: string): Error {
  return Object.assign(new Error(`${path} exists`), { code: 'EEXIST' });
}
