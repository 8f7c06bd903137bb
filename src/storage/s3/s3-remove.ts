import {
  DeleteObjectCommand,
  type DeleteObjectCommandOutput,
  type HeadObjectCommandOutput,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import type { Removal } from '../../workflow/ports/destination.ts';
import { parseAwsError, s3Error } from './s3-errors.ts';
import { namesMissingKey, type S3Place } from './s3-place.ts';
import { refusal } from './s3-refusal.ts';

const mostRounds = 20;
const pauseMs = 500;

/**
 * Removes the object, version by version where older ones come up, until the server says that there is none. `absent` only
 * when it says so of the key itself. `refused`: the object is still there, and whole.
 */
export async function removeObject(place: S3Place, key: string): Promise<Removal> {
  let head = await place.present('remove', key);
  if (!head) return { kind: 'absent' };
  place.justRemoved(key);
  for (let round = 1; round <= mostRounds; round += 1) {
    const why = await removeVersion(place, key, head);
    if (why !== undefined) return { kind: 'refused', why };
    const next = await place.headOnce('remove', key);
    if (!next) return { kind: 'removed' };
    if (next.VersionId === head.VersionId && next.ETag === head.ETag) await place.sleep(pauseMs);
    head = next;
  }
  throw place.error('remove', key, 'other', 'it is still there after it was removed', 'Try again later');
}

/** Why the server keeps this version; undefined: it says that it has removed it. */
export async function removeVersion(
  place: S3Place,
  key: string,
  head: HeadObjectCommandOutput,
): Promise<string | undefined> {
  try {
    const answer = await deleteOne(place, key, head.VersionId);
    const onlyHidden = head.VersionId === undefined && answer.DeleteMarker === true;
    return onlyHidden ? await removeHidden(place, key, answer.VersionId) : undefined;
  } catch (error) {
    if (namesMissingKey(error)) return undefined;
    const why = refusal(error, head, place.options.clock.now());
    if (why !== undefined) return why;
    throw s3Error(error, { op: 'remove', key, options: place.options });
  }
}

// Without the version a server that keeps versions only hides the object, even a locked one, and calls that success.
async function deleteOne(
  place: S3Place,
  key: string,
  version: string | undefined,
): Promise<DeleteObjectCommandOutput> {
  return await place.client.send(
    new DeleteObjectCommand({
      Bucket: place.options.bucket,
      Key: place.objectKey(key),
      ...(version === undefined ? {} : { VersionId: version }),
    }),
  );
}

/** The server keeps versions and did not say which one the object is: it was hidden only. Removes all of them, or shows it again. */
async function removeHidden(
  place: S3Place,
  key: string,
  marker: string | undefined,
): Promise<string | undefined> {
  try {
    const { Versions = [] } = await place.client.send(
      new ListObjectVersionsCommand({ Bucket: place.options.bucket, Prefix: place.objectKey(key) }),
    );
    const own = Versions.filter((each) => each.Key === place.objectKey(key));
    if (own.length === 0) throw new Error('the server lists no version of it');
    for (const { VersionId } of own) await deleteOne(place, key, VersionId);
    await deleteOne(place, key, marker);
    return undefined;
  } catch (error) {
    const shown = await deleteOne(place, key, marker).then(
      () => '',
      () => ', and the delete marker that hides it could not be removed again',
    );
    return `the bucket keeps versions, and this one could not be removed (${parseAwsError(error).text})${shown}`;
  }
}
