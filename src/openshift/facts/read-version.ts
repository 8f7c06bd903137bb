import type { VersionFacts } from '../../domain/cluster/facts.ts';
import { mapReading, type Reading } from '../../domain/cluster/reading.ts';
import type { ApiClient } from '../api/api-client.ts';
import { config } from '../api/resource.ts';
import { clusterVersion } from '../api/schemas.ts';

export async function readVersion(api: ApiClient): Promise<Reading<VersionFacts>> {
  const reading = await api.get(config('clusterversions', 'version'), clusterVersion);
  return mapReading(reading, ({ metadata, spec, status }) => ({
    clusterId: spec.clusterID,
    // An update that was asked for by image alone has no version until its payload is unpacked.
    desiredVersion: status.desired.version || status.desired.image,
    desiredImage: status.desired.image,
    history: status.history.map(({ state, version, image, startedTime, completionTime }) => ({
      state,
      version,
      image,
      ...(startedTime == null ? {} : { startedAt: startedTime }),
      ...(completionTime == null ? {} : { completedAt: completionTime }),
    })),
    generation: metadata.generation,
    observedGeneration: status.observedGeneration ?? 0,
    conditions: status.conditions,
    desiredUpdate: wantedUpdate(spec.desiredUpdate),
  }));
}

/** A request may name a version, an image, or both; an empty wish is none. */
function wantedUpdate(
  wanted: { readonly version: string; readonly image: string } | null | undefined,
): VersionFacts['desiredUpdate'] {
  if (!wanted || (wanted.version === '' && wanted.image === '')) return undefined;
  return { version: wanted.version, image: wanted.image };
}
