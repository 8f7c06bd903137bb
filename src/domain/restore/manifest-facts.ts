import type { ScriptReport } from '../backup/script-output.ts';
import type { ClusterFacts } from '../cluster/facts.ts';
import {
  fileKinds,
  type Manifest,
  type ManifestFacts,
  type ManifestMembers,
  type ManifestSigner,
  type PublishedDocuments,
} from '../copies/manifest-document.ts';
import type { BackupRun, RunSuccess } from '../run/run.ts';
import { beyond } from './json-overlay.ts';
import { destinationsOf, manifestOf, utc } from './manifest.ts';

/** What the manifest of a new backup needs beside its record. */
export function manifestFacts(read: {
  readonly report: Pick<ScriptReport, 'etcdctlVersion' | 'latest'>;
  readonly caBundles: ClusterFacts['caBundles'];
  readonly etcdMembers?: ManifestMembers;
  readonly thread: string | undefined;
  /** ms UTC */
  readonly scriptEndedAt?: number;
  /** ms UTC */
  readonly finishedAt: number;
}): ManifestFacts {
  const { report, caBundles, etcdMembers, thread, scriptEndedAt, finishedAt } = read;
  const staticPods = Object.entries(report.latest).map(([pod, path]) => [
    pod,
    path.slice(path.lastIndexOf('/') + 1),
  ]);
  return {
    etcdctlVersion: report.etcdctlVersion,
    staticPods: Object.fromEntries(staticPods),
    signers: caBundles.map(signer),
    ...(etcdMembers ? { etcdMembers } : {}),
    thread,
    ...(scriptEndedAt === undefined ? {} : { scriptEndedAt }),
    finishedAt,
  };
}

function signer({ name, bundle }: ClusterFacts['caBundles'][number]): ManifestSigner {
  if (!bundle.ok) return { bundle: name, certificates: [], unreadable: bundle.why.reason };
  const certificates = bundle.value.certificates.map(({ subject, notAfter }) => ({
    // Node prints one attribute a line.
    subject: subject.replace(/\p{C}+/gu, ', '),
    notAfter: utc(notAfter),
  }));
  return { bundle: name, certificates, unreadable: null };
}

/**
 * What is kept of a manifest that was read, beside the run that it goes with: with both, `manifestOf` gives the same manifest
 * again, whatever release wrote it. Copies, drill, the mark of a restore and the time of writing are the record's own.
 */
export function factsOf(
  manifest: Manifest,
  run: BackupRun & { readonly success: RunSuccess },
): ManifestFacts {
  const { drill: _, schema: __, abandoned: ___, files, times, ...rest } = manifest;
  const { written: ____, ...otherTimes } = times;
  const facts: ManifestFacts = {
    etcdctlVersion: manifest.etcd.etcdctlVersion ?? undefined,
    staticPods: manifest.staticPods,
    signers: manifest.signers,
    ...(manifest.etcdMembers ? { etcdMembers: manifest.etcdMembers } : {}),
    thread: manifest.thread ?? undefined,
    ...(times.scriptEnded === undefined ? {} : { scriptEndedAt: Date.parse(times.scriptEnded) }),
    finishedAt: Date.parse(times.finished),
  };
  const own = manifestOf({ ...run, success: { ...run.success, manifestFacts: facts } });
  const withoutCopies = fileKinds.map((kind) => [kind, { ...files[kind], copies: undefined }]);
  const known = { ...rest, times: otherTimes, files: { ...files, ...Object.fromEntries(withoutCopies) } };
  const extra = own && beyond(known, { ...own });
  return extra ? { ...facts, extra } : facts;
}

/** What a manifest that was read says of the documents beside the files; undefined: no file was stored yet. */
export function publishedOf(manifest: Manifest): PublishedDocuments | undefined {
  if (destinationsOf(manifest).length === 0) return undefined;
  const { written } = manifest.times;
  return publishedAs(manifest, written === undefined ? undefined : Date.parse(written));
}

/** What is on record of documents that say the same as this manifest. `at`: ms UTC; undefined: not known. */
export function publishedAs(manifest: Manifest, at: number | undefined): PublishedDocuments {
  const left = manifest.abandoned?.id;
  return {
    fingerprint: fingerprint(manifest),
    ...(at === undefined ? {} : { at }),
    ...(left === undefined ? {} : { left }),
  };
}

/** Whether a reader who has only the documents would choose otherwise: what is where, what is proven, what the drill showed. */
export function differsMaterially(a: Manifest, b: Manifest): boolean {
  return fingerprint(a) !== fingerprint(b);
}

/** The documents beside the files say what the record says, as far as the places could be written. */
export function isPublished(run: BackupRun): boolean {
  const manifest = manifestOf(run);
  return manifest === undefined || run.published?.fingerprint === fingerprint(manifest);
}

/** The documents do not say of a restore what the record says: a place was away, or the bot stopped. */
export function isMarkedOtherwise(run: BackupRun): boolean {
  return run.published !== undefined && run.published.left !== run.abandoned?.id;
}

export function fingerprint({ abandoned, drill, files }: Manifest): string {
  const copies = fileKinds.flatMap((kind) =>
    files[kind].copies.map(({ destination, key, storedSha256, provenAt }) => [
      kind,
      destination,
      key,
      storedSha256,
      provenAt !== null,
    ]),
  );
  const known = [copies, drill?.ok, drill?.disproven];
  // Without a mark as ever, so that what earlier releases published counts as published.
  return JSON.stringify(abandoned ? [...known, abandoned.id] : known);
}
