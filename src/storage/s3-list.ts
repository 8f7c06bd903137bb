import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';

/** All objects whose whole key starts with `prefix`, page after page. */
export async function listObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
): Promise<readonly { readonly key: string; readonly size: number; readonly storedAt: number }[]> {
  const found: { key: string; size: number; storedAt: number }[] = [];
  let next: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(next === undefined ? {} : { ContinuationToken: next }),
      }),
    );
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key !== undefined)
        found.push({ key: Key, size: Size ?? 0, storedAt: LastModified?.getTime() ?? 0 });
    }
    next = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (next !== undefined);
  return found;
}
