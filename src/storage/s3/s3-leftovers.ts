import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import { isKey } from '../common/object-key.ts';
import { parseAwsError } from './s3-errors.ts';
import type { S3Place } from './s3-place.ts';

const abandonedAfterMs = 24 * 60 * 60 * 1000;
const mostPages = 100;

/**
 * Ends uploads below our prefix that were begun more than a day ago by the server's clock: of processes that were killed.
 * `unseen`: the credentials may not list or end them, or the server cannot; a lifecycle rule has to remove them then.
 */
export async function endAbandonedUploads(
  place: S3Place,
  isUnderWay: (key: string) => boolean,
): Promise<'done' | 'unseen'> {
  try {
    for await (const { Key = '', UploadId, Initiated } of uploads(place)) {
      const key = Key.slice(place.beforeKeys.length);
      const now = place.serverTime;
      if (!isOurs(key) || isUnderWay(key) || UploadId === undefined) continue;
      if (now === undefined || Initiated === undefined) continue;
      if (now - Initiated.getTime() <= abandonedAfterMs) continue;
      await place.client.send(
        new AbortMultipartUploadCommand({ Bucket: place.options.bucket, Key, UploadId }),
      );
    }
    return 'done';
  } catch (error) {
    const { status = 0 } = parseAwsError(error);
    return [400, 401, 403, 405, 501].includes(status) ? 'unseen' : 'done';
  }
}

export const testKeyStart = '.check-';

function isOurs(key: string): boolean {
  return isKey(key) || key.startsWith(testKeyStart);
}

async function* uploads(place: S3Place): AsyncGenerator<MultipartUpload, void> {
  let after: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await place.client.send(
      new ListMultipartUploadsCommand({
        Bucket: place.options.bucket,
        Prefix: place.beforeKeys,
        ...after,
      }),
    );
    for (const upload of answer.Uploads ?? []) {
      if (upload.Key?.startsWith(place.beforeKeys)) yield upload;
    }
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = answer;
    if (!IsTruncated || NextKeyMarker === undefined) return;
    after = {
      KeyMarker: NextKeyMarker,
      ...(NextUploadIdMarker === undefined ? {} : { UploadIdMarker: NextUploadIdMarker }),
    };
  }
}
