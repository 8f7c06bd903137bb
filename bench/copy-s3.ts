import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { DestinationOptions } from '../src/storage/open-destinations.ts';
import { defaultS3Limits } from '../src/storage/s3/s3-options.ts';
import { type Radosgw, startRadosgw } from '../test/support/radosgw.ts';
import { type Sample, writeSample } from './copy-sample.ts';
import type { CopyTaken } from './copy-task.ts';
import { inOwnProcess } from './own-process.ts';
import { type CopyMeasured, takeTurns } from './turns.ts';

const bucket = 'etcd-backup-bench';
const key = 'bench/snapshot.db';

/** One local file into a real S3 server on loopback: the bot's whole way, beside a plain multipart upload by the same SDK. */
export async function measureCopyS3(bytes: number, rounds: number): Promise<CopyMeasured> {
  await using opening = new AsyncDisposableStack();
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-bench-'));
  opening.defer(() => rm(dir, { recursive: true, force: true }));
  const server = await startRadosgw();
  opening.defer(() => server.stop());
  const client = clientOf(server);
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const file = path.join(dir, 'snapshot.db');
  const sample = await writeSample(file, bytes);
  return await takeTurns(rounds, {
    plain: () => plainUpload(client, file),
    bot: () => botUpload(server, client, file, sample),
  });
}

async function plainUpload(client: S3Client, file: string): Promise<number> {
  const started = performance.now();
  const { partBytes, parallelParts } = defaultS3Limits;
  await new Upload({
    client,
    params: { Bucket: bucket, Key: key, Body: createReadStream(file) },
    partSize: partBytes,
    queueSize: parallelParts,
  }).done();
  const took = performance.now() - started;
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  return took;
}

async function botUpload(
  server: Radosgw,
  client: S3Client,
  file: string,
  sample: Sample,
): Promise<CopyTaken> {
  const to: DestinationOptions = {
    kind: 's3',
    name: 'bench',
    bucket,
    prefix: '',
    endpoint: server.endpoint,
    region: 'us-east-1',
    pathStyle: true,
    credentials: server.owner,
    ca: undefined,
    encryption: undefined,
    lock: undefined,
    checksum: 'sha256',
  };
  const taken = await inOwnProcess({ from: { kind: 'disk', path: file }, to, key, ...sample });
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  return taken;
}

function clientOf(server: Radosgw): S3Client {
  return new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: server.owner,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}
