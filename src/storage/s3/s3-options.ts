import type { ProxySettings } from '../../domain/network/proxy-settings.ts';
import type { PlaceClock } from '../common/place-clock.ts';

export interface S3Options {
  readonly name: string;
  readonly bucket: string;
  /** Before every key, without slashes at its ends; `''`: the bucket itself. */
  readonly prefix: string;
  /** Undefined: Amazon's own for the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** `https://host/bucket/key` instead of `https://bucket.host/key`: most servers that are not Amazon's. */
  readonly pathStyle: boolean;
  /** SECRET; undefined: the SDK's chain (environment, shared files, web identity, instance role). */
  readonly credentials: S3Credentials | undefined;
  /** PEM of the authority that signed the endpoint's certificate; undefined: the system's. */
  readonly ca: string | undefined;
  /** Absent: directly. */
  readonly proxy?: ProxySettings | undefined;
  readonly encryption: S3Encryption | undefined;
  readonly lock: S3Lock | undefined;
  /**
   * How the server is given the digest of what it receives, beside the signature, which covers the content as well.
   * `sha256` is ignored by servers that do not know it; all know `content-md5`.
   */
  readonly checksum: 'sha256' | 'content-md5';
  readonly clock: PlaceClock;
  readonly limits?: Partial<S3Limits>;
}

interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

type S3Encryption =
  | { readonly algorithm: 'AES256' }
  /** Without a key id: the bucket's or the account's default key. */
  | { readonly algorithm: 'aws:kms'; readonly keyId: string | undefined };

interface S3Lock {
  /** GOVERNANCE: people with a special right may lift it. COMPLIANCE: no one, until it ends. */
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly days: number;
}

export interface S3Limits {
  /** Bytes. At most 10,000 parts make an object, so 8 MiB carry 78 GiB. */
  readonly partBytes: number;
  /** Parts under way at once. Memory: (this + 1) × partBytes. */
  readonly parallelParts: number;
  readonly connectMs: number;
  /** For one request from its first byte to the answer's head: one part, not the whole object. */
  readonly requestMs: number;
  /** Silence on a connection, also while an object is read back. */
  readonly stallMs: number;
  /** Tries of one request, the first included. */
  readonly attempts: number;
}

export const defaultS3Limits: S3Limits = {
  partBytes: 8 * 1024 * 1024,
  parallelParts: 4,
  connectMs: 10_000,
  requestMs: 180_000,
  stallMs: 60_000,
  attempts: 4,
};
