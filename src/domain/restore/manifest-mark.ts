import type { Manifest, ManifestAbandoned } from '../copies/manifest-document.ts';
import type { RestoreMark } from '../copies/restore-mark.ts';

/** Of a backup of a time line that its cluster left, as its manifest says it. */
export function manifestMark({ id, from, at, declaredAt, by }: RestoreMark): ManifestAbandoned {
  return {
    id,
    restoredFrom: from,
    restoredAt: new Date(at).toISOString(),
    marked: new Date(declaredAt).toISOString(),
    by: { slackUser: by.slackUser, clusterUser: by.clusterUser },
  };
}

/** Undefined: the backup is on its cluster's line, as far as the manifest says. */
export function markFrom({ abandoned }: Pick<Manifest, 'abandoned'>): RestoreMark | undefined {
  if (!abandoned) return undefined;
  const { id, restoredFrom, restoredAt, marked, by } = abandoned;
  return {
    id,
    from: restoredFrom,
    at: Date.parse(restoredAt),
    declaredAt: Date.parse(marked),
    by: { slackUser: by.slackUser, clusterUser: by.clusterUser },
  };
}
