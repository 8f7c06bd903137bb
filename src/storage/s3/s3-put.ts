import { randomUUID } from 'node:crypto';
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { StorageError, type StoredObject } from '../../workflow/ports/destination.ts';
import { sendIfFree } from './s3-condition.ts';
import { parseAwsError, s3Error } from './s3-errors.ts';
import { type Guarantees, guaranteesOf, verifyGuarantees } from './s3-guarantees.ts';
import type { S3Place } from './s3-place.ts';
import { removeVersion } from './s3-remove.ts';
import { type UploadOutcome, upload } from './s3-upload.ts';

// On every object: whose it is, when the answer to the request that named it was lost.
const markName = 'upload-mark';

/**
 * Stores an object under a key that is free, and proves that it is there as it was sent and guarantees. Throws
 * StorageError; what falls short is taken away again.
 */
export async function putObject(
  place: S3Place,
  key: string,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  guarantees: Guarantees = guaranteesOf(place.options),
): Promise<StoredObject> {
  const { client, options, limits } = place;
  const mark = randomUUID();
  const refuse = () => refuseExisting(place, key);
  await refuse();
  const outcome = await upload({
    client,
    params: {
      Bucket: options.bucket,
      Key: place.objectKey(key),
      ContentType: 'application/octet-stream',
      Metadata: { [markName]: mark },
      ...guarantees.headers,
      ...(options.checksum === 'sha256' ? { ChecksumAlgorithm: 'SHA256' } : {}),
    },
    body,
    signal,
    limits,
    async giveName(send) {
      // Some servers heed If-None-Match for small objects only: look once more, as late as possible.
      await refuse();
      await sendIfFree(place, refuse, send);
    },
  });
  if (outcome.kind === 'source-failed') throw outcome.error;
  if (outcome.kind === 'place-failed') await refuseUnlessStored(place, key, mark, outcome);
  const stored = await settle(place, key, mark, outcome.bytes, guarantees);
  place.justStored(key);
  return stored;
}

async function refuseExisting(place: S3Place, key: string): Promise<void> {
  if ((await place.head('put', key)) === undefined) return;
  throw place.error(
    'put',
    key,
    'exists',
    'an object of this key is there already',
    'It was left as it is; use another key or remove it first',
  );
}

/** A lost answer is no failure: the object that carries our mark was stored by the request that seemed to fail. */
async function refuseUnlessStored(
  place: S3Place,
  key: string,
  mark: string,
  outcome: Extract<UploadOutcome, { kind: 'place-failed' }>,
): Promise<void> {
  const failure = s3Error(outcome.error, { op: 'put', key, options: place.options });
  if (!outcome.naming) throw withLeftovers(failure, outcome.leftovers);
  const seek = () => place.headOnce('put', key);
  const seen = await (answerLost(outcome.error) ? place.untilSeen(seek) : seek()).catch(
    () => 'unknown' as const,
  );
  if (seen === 'unknown') {
    throw withNote(failure, 'Whether the object is there could not be seen; if it does, it is whole');
  }
  if (seen?.Metadata?.[markName] !== mark) throw withLeftovers(failure, outcome.leftovers);
}

/** The server may have stored the object: it answered nothing, that it failed, or that the key is taken, maybe by a first try. */
function answerLost(error: unknown): boolean {
  const { status = 500 } = parseAwsError(error);
  return status >= 500 || status === 409 || status === 412;
}

/** Compares what is there with what was sent and guarantees; what falls short is taken away again. */
async function settle(
  place: S3Place,
  key: string,
  mark: string,
  bytes: number,
  guarantees: Guarantees,
): Promise<StoredObject> {
  const head = await place.untilSeen(() => place.headOnce('put', key));
  if (!head) {
    throw place.error(
      'put',
      key,
      'not-found',
      'it was stored, and some seconds later there is no such object',
      'It may show later: look at the server',
    );
  }
  if (head.Metadata?.[markName] !== mark) {
    throw place.error(
      'put',
      key,
      'exists',
      "another writer's object is there now",
      'Give each run keys of its own',
    );
  }
  try {
    if (head.ContentLength !== bytes) {
      throw place.error(
        'put',
        key,
        'torn',
        `sent ${bytes} bytes, the server has ${head.ContentLength ?? 'none'}`,
        'Try again; if it comes back, parseAwsError at the server and what lies between',
      );
    }
    const target = { bucket: place.options.bucket, key: place.objectKey(key) };
    return place.storedObject(key, await verifyGuarantees(place.client, target, head, guarantees));
  } catch (error) {
    const failure = s3Error(error, { op: 'put', key, options: place.options });
    throw withNote(failure, await takeBack(place, key, head));
  }
}

async function takeBack(place: S3Place, key: string, head: HeadObjectCommandOutput): Promise<string> {
  const stays = await removeVersion(place, key, head).catch((error: unknown) => parseAwsError(error).text);
  if (stays === undefined) return 'The object was removed again';
  return `The object could not be removed again (${stays}): it is still there`;
}

function withLeftovers(failure: StorageError, leftovers: boolean): StorageError {
  if (!leftovers) return failure;
  return withNote(
    failure,
    'Parts without a name may be left; a lifecycle rule for unfinished uploads removes them',
  );
}

function withNote(failure: StorageError, note: string): StorageError {
  const { op, key, kind, hint, cause } = failure;
  const message = failure.message.slice(0, -`. ${hint}`.length);
  return new StorageError({ op, key, kind, message, hint: `${hint}. ${note}`, cause });
}
