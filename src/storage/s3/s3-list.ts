import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { StorageError } from '../../workflow/ports/destination.ts';

export interface S3Listed {
  readonly key: string;
  readonly size: number;
  readonly storedAt: number;
}

// A server that gives page after page without anything new would keep us for ever.
const mostIdlePages = 100;

/**
 * All objects whose whole key starts with `prefix`, page after page, each once. Throws StorageError unless the server says at
 * last that the listing is whole: a short one would be read as objects that are gone. Pages may come in any order (Amazon's
 * directory buckets) and repeat keys; of a key that comes twice the younger entry counts.
 */
export async function listObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
): Promise<readonly S3Listed[]> {
  const found = new Map<string, S3Listed>();
  const tokens = new Set<string>();
  let next: string | undefined;
  let idle = 0;
  for (;;) {
    const page: ListObjectsV2CommandOutput = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(next === undefined ? {} : { ContinuationToken: next }),
      }),
    );
    const before = found.size;
    addTo(found, page, prefix);
    idle = found.size > before ? 0 : idle + 1;
    if (page.IsTruncated === false) return [...found.values()];
    next = page.NextContinuationToken;
    const wrong = pagingProblem(page, tokens, idle);
    if (next === undefined || wrong !== undefined) throw short(bucket, prefix, wrong ?? 'no token');
    tokens.add(next);
  }
}

function addTo(found: Map<string, S3Listed>, page: ListObjectsV2CommandOutput, prefix: string): void {
  for (const { Key: key, Size: size = 0, LastModified } of page.Contents ?? []) {
    if (!key?.startsWith(prefix)) continue;
    const storedAt = LastModified?.getTime() ?? 0;
    if ((found.get(key)?.storedAt ?? -1) <= storedAt) found.set(key, { key, size, storedAt });
  }
}

function pagingProblem(
  { IsTruncated, NextContinuationToken: token }: ListObjectsV2CommandOutput,
  tokens: ReadonlySet<string>,
  idle: number,
): string | undefined {
  if (IsTruncated === undefined) return 'an answer that does not say whether the listing is whole';
  if (token === undefined || token === '') return 'a page that is not the last, without a token for the next';
  if (tokens.has(token)) return 'the same token for a second time';
  return idle > mostIdlePages ? `more than ${mostIdlePages} pages in which nothing is new` : undefined;
}

function short(bucket: string, prefix: string, found: string): StorageError {
  return new StorageError({
    op: 'list',
    kind: 'other',
    message: `list of s3://${bucket}/${prefix}: expected the whole listing, got ${found}`,
    hint: 'The server cannot list with ListObjectsV2, or something lies between: nothing is taken for missing because of it',
  });
}
