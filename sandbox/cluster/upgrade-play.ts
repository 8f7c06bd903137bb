import { setTimeout as pause } from 'node:timers/promises';
import type { Upgrade } from './upgrade.ts';
import { operators } from './upgrade-parts.ts';

export interface Playing {
  /** From one stage to the next. */
  readonly stepMs: number;
  readonly apiDownMs?: number;
  /** Nodes of the control plane that reboot, one after the other; none by default. */
  readonly reboot?: readonly string[];
  /** Called after each stage with what the version operator says. */
  readonly say?: (text: string) => void;
  /** Ends the play between two stages; the cluster stays as it is then. */
  readonly signal?: AbortSignal;
}

/** A whole update by timers, from the request to the last worker. Resolves at its end or when it is aborted. */
export function playUpgrade(upgrade: Upgrade, version: string, playing: Playing): Promise<void> {
  const stages = [
    () => upgrade.request(version),
    () => upgrade.begin(),
    ...replacements(upgrade, playing),
    () => upgrade.finish(),
    () => upgrade.finishWorkers(),
  ];
  return play(upgrade, stages, playing);
}

/** What comes between beginning and finish: all operators, one after the other. */
export function rollOut(upgrade: Upgrade, playing: Playing): Promise<void> {
  return play(upgrade, replacements(upgrade, playing), playing);
}

type Stage = () => void | Promise<void>;

async function play(upgrade: Upgrade, stages: readonly Stage[], playing: Playing): Promise<void> {
  const { stepMs, signal, say = () => undefined } = playing;
  let { says: said } = upgrade.status();
  for (const stage of stages) {
    if (signal?.aborted) return;
    await stage();
    const { says } = upgrade.status();
    if (says !== said) say(says);
    said = says;
    await pause(stepMs, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

function replacements(upgrade: Upgrade, playing: Playing): readonly Stage[] {
  return operators.flatMap((name) => [
    () => upgrade.operatorBegins(name),
    ...(name === 'kube-apiserver' ? [() => upgrade.restartApi(playing.apiDownMs)] : []),
    ...(name === 'machine-config' ? (playing.reboot ?? []).flatMap((node) => rebooting(upgrade, node)) : []),
    () => upgrade.operatorEnds(name),
  ]);
}

function rebooting(upgrade: Upgrade, node: string): readonly Stage[] {
  return [() => upgrade.nodeGoesDown(node), () => upgrade.nodeComesBack(node)];
}
