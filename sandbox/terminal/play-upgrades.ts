import { playUpgrade } from '../cluster/upgrade-play.ts';
import { whyNotTo } from '../cluster/upgrade-target.ts';
import type { World } from '../world.ts';

/** What a person at the terminal sends the cluster to. */
export interface Upgrades {
  /** Throws, with a sentence for the person, for a version that a cluster with this status cannot be updated to. */
  start(version: string): void;
  stop(): void;
}

/** Slow enough to be read, and for a bot that looks every second to see each part of it. */
const stepMs = 1_500;

export function createUpgrades(world: World, print: (text: string) => void): Upgrades {
  const { cluster, plane } = world;
  let playing = new AbortController();
  return {
    start(version) {
      if (version === '') throw new Error('Which version? For example: upgrade 4.16.9');
      const whyNot = whyNotTo(version, cluster.upgrade.status());
      if (whyNot !== undefined) throw new Error(whyNot);
      // An update that is under way goes straight on to the new one.
      playing.abort();
      playing = new AbortController();
      const { signal } = playing;
      const reboot = plane.nodes.map(({ name }) => name);
      print(`Somebody updates the cluster to ${version}.`);
      const say = (text: string) => print(`the cluster: ${text}`);
      playUpgrade(cluster.upgrade, version, { stepMs, reboot, say, signal }).catch((error: unknown) =>
        print(`The update ended: ${error instanceof Error ? error.message : String(error)}`),
      );
    },
    stop: () => playing.abort(),
  };
}
