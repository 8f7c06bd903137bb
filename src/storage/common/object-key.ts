import { StorageError } from '../../workflow/ports/destination.ts';

const segment = /^[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]*$/;
// A file name may have 255 bytes; a part adds a dot, 16 letters and its ending. S3 takes 1024 bytes, prefix included.
const longestSegment = 200;
const longestKey = 700;

/** Throws when the key could name anything but a file of its own below the destination's root. */
export function checkKey(op: string, key: string): void {
  const wrong = keyProblem(key);
  if (wrong === undefined) return;
  throw new StorageError({
    op,
    key,
    kind: 'other',
    message: `${op} of ${JSON.stringify(key)}: ${wrong}`,
    hint: 'Keys are relative paths of letters, digits and . _ + = @ - in which no part starts with a dot',
  });
}

function keyProblem(key: string): string | undefined {
  if (key.length > longestKey) return `the key is longer than ${longestKey} characters`;
  for (const part of key.split('/')) {
    if (part.length > longestSegment) return `a part of the key is longer than ${longestSegment} characters`;
    if (!segment.test(part)) return `the key's part ${JSON.stringify(part)} is not allowed`;
  }
  return undefined;
}

/** Whether `put` takes this key: what has another name was not stored by us. */
export function isKey(key: string): boolean {
  return keyProblem(key) === undefined;
}

export function isKeySegment(name: string): boolean {
  return segment.test(name);
}
