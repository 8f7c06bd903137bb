import type { VersionFacts } from '../domain/facts.ts';
import { mapReading, type Reading } from '../domain/reading.ts';
import type { ApiClient } from './api-client.ts';
import { config } from './resource.ts';
import { clusterVersion } from './schemas.ts';

export async function readVersion(api: ApiClient): Promise<Reading<VersionFacts>> {
  const reading = await api.get(config('clusterversions', 'version'), clusterVersion);
  return mapReading(reading, ({ metadata, spec, status }) => ({
    clusterId: spec.clusterID,
    desiredVersion: status.desired.version,
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
  }));
}
