import type { CertificateFacts, ClusterFacts, VersionFacts } from '../cluster/facts.ts';
import type { Reading, Unreadable } from '../cluster/reading.ts';
import { type Finding, finding } from './finding.ts';

const hourMs = 3_600_000;
const youngestMs = 24 * hourMs;
/** The installer's signers live for one day, rotated ones for 30 or 60. */
const shortLivedMs = 48 * hourMs;

type Bundles = ClusterFacts['caBundles'];

/**
 * A backup from before the first rotation would restore signers that have expired by then.
 * A bundle holds several certificates: a long-lived one proves nothing while a short-lived one is still trusted.
 */
export function certificateFindings(
  version: Reading<VersionFacts>,
  bundles: Bundles,
  now: number,
): readonly Finding[] {
  // A version that cannot be read is a blocker of its own.
  if (!version.ok) return [];
  const installedAt = installTime(version.value);
  const inUse = installerSigner(bundles, now);
  if (installedAt !== undefined && now - installedAt < youngestMs) {
    const retryAt = Math.max(installedAt + youngestMs, inUse?.expiresAt ?? 0);
    return [finding('blocker', 'certificates.too-young', { installedAt, retryAt })];
  }
  if (inUse) {
    const params = { bundle: inUse.bundle, retryAt: inUse.expiresAt };
    return [finding('blocker', 'certificates.installer-signer-in-use', params)];
  }
  if (installedAt === undefined) return [finding('warning', 'certificates.install-time-unknown', {})];
  const unread = unreadBundles(bundles);
  if (unread.length === 0) return [finding('passed', 'certificates.rotated', { installedAt })];
  return unread.map((each) => finding('warning', 'certificates.age-only', { installedAt, ...each }));
}

/** The initial entry survives pruning. The later of its two times: never younger in our eyes than in truth. */
function installTime(version: VersionFacts): number | undefined {
  const initial = version.history.at(-1);
  return initial?.completedAt ?? initial?.startedAt;
}

/** The short-lived certificate that is trusted longest, if one still is. */
function installerSigner(bundles: Bundles, now: number): { bundle: string; expiresAt: number } | undefined {
  const found = bundles.flatMap(({ name, bundle }) =>
    (bundle.ok ? bundle.value.certificates : [])
      .filter((certificate) => isShortLived(certificate) && certificate.notAfter > now)
      .map((certificate) => ({ bundle: name, expiresAt: certificate.notAfter })),
  );
  return found.sort((a, b) => b.expiresAt - a.expiresAt)[0];
}

function isShortLived({ notBefore, notAfter }: CertificateFacts): boolean {
  return notAfter - notBefore <= shortLivedMs;
}

function unreadBundles(bundles: Bundles): { bundle: string; why: Unreadable }[] {
  return bundles.flatMap(({ name, bundle }) => (bundle.ok ? [] : [{ bundle: name, why: bundle.why }]));
}
