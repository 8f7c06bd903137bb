import { randomUUID } from 'node:crypto';
import { after, type TestContext } from 'node:test';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { s3Destination } from '../../src/storage/s3/s3.ts';
import type { S3Options } from '../../src/storage/s3/s3-options.ts';
import type { Destination } from '../../src/workflow/ports/destination.ts';
import { need } from '../support/need.ts';
import { type Radosgw, radosgwPrograms, startRadosgw } from '../support/radosgw.ts';

/** The least that a server takes as a part. */
export const partBytes = 5 * 1024 * 1024;

export interface S3Lab {
  readonly server: Radosgw;
  readonly bucket: string;
  /** As the owner of the bucket, for looking behind a destination's back. */
  readonly client: S3Client;
  destination(changes?: Partial<S3Options>): Destination;
  /** Everything in the bucket: versions, delete markers, unfinished uploads. */
  remains(): Promise<readonly string[]>;
  forbid(action: string): Promise<void>;
}

let started: Promise<Radosgw> | undefined;

/** A new bucket of the one server of this test file; undefined: skipped, as the server is not on this machine. */
export async function s3Lab(
  t: TestContext,
  kind: 'plain' | 'lockable' = 'plain',
): Promise<S3Lab | undefined> {
  if (!need(t, 'a Ceph object gateway (ceph-mon, ceph-osd, radosgw, ceph-common)', radosgwPrograms()))
    return undefined;
  started ??= startRadosgw();
  const server = await started;
  const bucket = `bucket-${randomUUID()}`;
  const client = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: server.owner,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  await client.send(
    new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: kind === 'lockable' }),
  );
  return {
    server,
    bucket,
    client,
    destination: (changes) => s3Destination({ ...options(server, bucket), ...changes }),
    remains: () => everything(client, bucket),
    async forbid(action) {
      const statement = {
        Effect: 'Deny',
        Principal: { AWS: ['arn:aws:iam:::user/owner'] },
        Action: [action],
        Resource: [`arn:aws:s3:::${bucket}/*`],
      };
      const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
    },
  };
}

after(async () => {
  await (await started)?.stop();
});

function options(server: Radosgw, bucket: string): S3Options {
  return {
    name: 'vault',
    bucket,
    prefix: 'etcd/prod',
    endpoint: server.endpoint,
    region: 'us-east-1',
    pathStyle: true,
    credentials: server.owner,
    ca: undefined,
    encryption: undefined,
    lock: undefined,
    checksum: 'sha256',
    clock: { now: () => Date.now() },
    limits: { partBytes, parallelParts: 2 },
  };
}

async function everything(client: S3Client, bucket: string): Promise<readonly string[]> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket }),
  );
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return [
    ...Versions.map(({ Key }) => `object ${Key}`),
    ...DeleteMarkers.map(({ Key }) => `delete marker ${Key}`),
    ...Uploads.map(({ Key }) => `unfinished upload ${Key}`),
  ];
}
