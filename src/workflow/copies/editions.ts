import type { Destination } from '../ports/destination.ts';

/** Editions of one document: `manifest.json` is the first, `manifest.7.json` the seventh. The highest number is the newest. */
export interface Editions {
  /** Of the first edition. */
  readonly key: string;
  readonly numbers: readonly number[];
}

const largestText = 4 * 1024 * 1024;

export function existingEditions(keys: readonly string[], key: string): Editions {
  const [, stem = key, ending = ''] = /^(.*)(\.[a-z]+)$/su.exec(key) ?? [];
  const numbers = keys.flatMap((each) => {
    if (each === key) return [1];
    const between = each.slice(stem.length, each.length - ending.length);
    const number = /^\.([1-9]\d{0,5})$/.exec(between)?.[1];
    return each.startsWith(stem) && each.endsWith(ending) && number !== undefined ? [Number(number)] : [];
  });
  return { key, numbers };
}

/** The newest edition as text; undefined: there is none, or it is larger than any document of ours. */
export async function readNewest(
  destination: Destination,
  editions: Editions,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (editions.numbers.length === 0) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const key = numbered(editions.key, Math.max(...editions.numbers));
  for await (const chunk of await destination.open(key, { signal })) {
    size += chunk.byteLength;
    if (size > largestText) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Nothing is ever overwritten, and at no moment is there no document: the new one is put beside the old ones, which go then
 * and make room for it. Where a lock keeps one of them, or nothing may be removed (`mayRemove`), they stay, and the highest
 * number is the newest.
 */
export async function putNewest(
  destination: Destination,
  { key, numbers }: Editions,
  text: string,
  signal: AbortSignal,
  mayRemove = true,
): Promise<void> {
  const put = (number: number) => destination.put(numbered(key, number), bytesOf(text), { signal });
  if (numbers.length === 0) {
    await put(1);
    return;
  }
  const next = Math.max(...numbers) + 1;
  const { lockedUntil } = await put(next);
  if (!mayRemove) return;
  const removals = await Promise.all(numbers.map((number) => destination.remove(numbered(key, number))));
  if (lockedUntil !== undefined || removals.some(({ kind }) => kind === 'refused')) return;
  await put(1);
  await destination.remove(numbered(key, next));
}

/** `a/manifest.json` → `a/manifest.2.json` */
function numbered(key: string, number: number): string {
  return number === 1 ? key : key.replace(/(\.[a-z]+)$/, `.${number}$1`);
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(text, 'utf8');
}
