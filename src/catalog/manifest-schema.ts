import { z } from 'zod';
import { resourcesName, snapshotName } from '../domain/backup/file-format.ts';
import { type Manifest, manifestSchema, manifestSchemas } from '../domain/copies/manifest-document.ts';

/** Why a manifest cannot be used; `message` says what was found, what was expected and what to do. */
export class ManifestError extends Error {
  readonly reason: 'not-json' | 'not-a-manifest' | 'newer-schema' | 'malformed';

  constructor(reason: ManifestError['reason'], message: string) {
    super(message);
    this.name = 'ManifestError';
    this.reason = reason;
  }
}

const largestText = 4 * 1024 * 1024;

// A manifest comes from a destination, and its values go into commands that a tired person pastes:
// no control characters anywhere, file names exactly as the script makes them, keys without `..`.
const line = z
  .string()
  .max(8192)
  .regex(/^\P{C}*$/u, 'a text of one line');
const count = z.int().min(0);
const digest = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits');
const time = z.iso.datetime({ error: 'a time in UTC such as 2026-11-23T06:14:44Z' });
const nodePath = z
  .string()
  .max(4096)
  .regex(/^\/[^\p{C}]*$/u, 'an absolute path');
const key = z
  .string()
  .max(1024)
  .regex(/^(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.+=@-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.+=@-]+)*$/, 'a key');
const host = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.:-]*$/, 'a host name or IP address');

const person = z.looseObject({ slackUser: line, clusterUser: line });

const place = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('directory'), path: nodePath, where: line.optional() }),
  z.looseObject({
    kind: z.literal('s3'),
    bucket: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'the name of a bucket'),
    prefix: key.optional(),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .regex(/^\P{C}*$/u)
      .nullable(),
    region: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, 'a region')
      .nullable(),
    authorities: z
      .array(z.looseObject({ subject: line, fingerprint: line }))
      .max(8)
      .optional()
      .catch(undefined),
    where: line.optional(),
  }),
]);

const copy = z.looseObject({
  destination: line,
  place,
  key,
  storedSize: count,
  storedSha256: digest,
  encryptedFor: z.array(z.looseObject({ name: line, publicKey: line })),
  custodians: z.array(line),
  lockedUntil: time.nullable(),
  provenAt: time.nullable(),
});

const members = z.looseObject({
  readAt: time.nullable(),
  list: z
    .array(
      z.looseObject({
        node: host.nullable(),
        address: host.nullable(),
        id: z
          .string()
          .regex(/^[0-9a-f]{1,16}$/)
          .nullable(),
        raftIndex: count.nullable(),
        learner: z.boolean().nullable(),
        leader: z.boolean().nullable(),
        arbiter: z.boolean().optional(),
      }),
    )
    .max(64),
});

function file(name: RegExp) {
  return z.looseObject({
    name: z.string().regex(name, 'a file name as cluster-backup.sh makes it'),
    nodePath,
    size: count,
    sha256: digest,
    copies: z.array(copy),
  });
}

const manifest = z.looseObject({
  schema: z.enum(manifestSchemas),
  runId: z.string().regex(/^r-[a-z0-9]{8}$/, 'a run id'),
  cluster: z.looseObject({ name: line, id: line, infrastructureName: line, apiUrl: line }),
  release: z.looseObject({ zStream: z.string().regex(/^[0-9A-Za-z.+-]+$/), image: line }),
  topology: line,
  node: z.looseObject({
    name: host,
    ip: host,
    machine: line.optional(),
    clockAheadMs: z.int().optional().catch(undefined),
  }),
  members: z.array(host),
  // Read for the restore's sake: what does not fit is left out, the backup counts all the same.
  etcdMembers: members.optional().catch(undefined),
  etcd: z.looseObject({
    etcdctlVersion: line.nullable(),
    revision: count.nullable(),
    totalKey: count.nullable(),
    hash: count.nullable(),
    totalSize: count.nullable(),
    version: line.nullable(),
  }),
  staticPods: z.record(line, line),
  encryptionType: line,
  proxyUsed: z.boolean(),
  signers: z.array(
    z.looseObject({
      bundle: line,
      certificates: z.array(z.looseObject({ subject: line, notAfter: time })),
      unreadable: line.nullable(),
    }),
  ),
  files: z.looseObject({
    snapshot: file(snapshotName),
    resources: file(resourcesName),
  }),
  people: z.looseObject({
    requester: person,
    approvers: z.array(person),
    reason: z.string().nullable(),
    emergency: z.string().nullable(),
  }),
  thread: line.nullable(),
  times: z.looseObject({
    requested: time,
    started: time,
    scriptEnded: time.optional(),
    finished: time,
    written: time.optional(),
  }),
  drill: z
    .looseObject({
      at: time,
      ok: z.boolean(),
      revision: count.nullable(),
      keys: count.nullable(),
      why: line.nullable(),
      disproven: z.boolean(),
      verdict: z.literal('not-made').optional().catch(undefined),
    })
    .optional(),
  abandoned: z
    .looseObject({
      id: line,
      restoredFrom: line,
      restoredAt: time,
      marked: time,
      by: person,
    })
    .optional(),
}) satisfies z.ZodType<Manifest>;

/** Reads a manifest; keys that this version does not know are kept. Throws ManifestError. */
export function parseManifest(text: string): Manifest {
  if (text.length > largestText) {
    throw new ManifestError('malformed', `manifest.json is larger than ${largestText} characters`);
  }
  const value = readJson(text);
  refuseOtherSchema(value);
  const parsed = manifest.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ManifestError(
    'malformed',
    `manifest.json: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not understood'}. ` +
      'Do not trust it; compare with the copy beside the other file',
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ManifestError('not-json', 'manifest.json is not JSON: it is cut off or was overwritten');
  }
}

function refuseOtherSchema(value: unknown): void {
  const found = value !== null && typeof value === 'object' && 'schema' in value ? value.schema : undefined;
  if (manifestSchemas.some((each) => each === found)) return;
  const version = typeof found === 'string' ? /^etcd-backup-manifest\/(\d+)$/.exec(found)?.[1] : undefined;
  if (version === undefined) {
    throw new ManifestError('not-a-manifest', `manifest.json has no "schema": "${manifestSchema}"`);
  }
  throw new ManifestError(
    'newer-schema',
    `manifest.json has schema etcd-backup-manifest/${version}, this version of the bot reads ${manifestSchema}: ` +
      'use the version that wrote it, or read RESTORE.md beside it',
  );
}
