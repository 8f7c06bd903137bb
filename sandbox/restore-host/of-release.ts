import { byHandLine } from '../../src/domain/restore/release-lines.ts';
import type { RestoreHostsOptions } from './options.ts';

/** What a cluster of this release has for each step of its paper to matter. `names`: of its control-plane nodes, two or more of them with a NotReady one. */
export function clusterOfRelease(
  zStream: string,
  names: readonly string[],
): Pick<RestoreHostsOptions, 'minor' | 'keepalived' | 'ovn' | 'guard' | 'notReady' | 'webhooks'> {
  const byHand = byHandLine(zStream);
  const several = names.length > 1;
  return {
    minor: Number(zStream.split('.')[1]),
    keepalived: several && byHand?.keepalived !== undefined,
    ovn: byHand?.ovn !== undefined,
    guard: several && byHand?.guard !== undefined,
    notReady: several && byHand ? names.slice(-1) : [],
    webhooks: byHand?.webhooks === undefined ? [] : ['policy'],
  };
}
