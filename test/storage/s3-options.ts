import type { DestinationOptions } from '../../src/storage/open-destinations.ts';

/** A place in S3 as the configuration gives it; without changes, no server answers there. */
export function s3Options(name: string, changes: object): DestinationOptions {
  return {
    kind: 's3',
    name,
    bucket: 'etcd-keys',
    prefix: '',
    endpoint: 'http://127.0.0.1:1',
    region: 'us-east-1',
    pathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret-value' },
    ca: undefined,
    encryption: undefined,
    lock: undefined,
    checksum: 'sha256',
    limits: { attempts: 1, connectMs: 2_000 },
    ...changes,
  };
}
