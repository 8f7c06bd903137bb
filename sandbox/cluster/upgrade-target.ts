import type { UpgradeStatus } from './upgrade.ts';

const zStream = /^(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})$/;
type Numbers = readonly [number, number, number];

/** Why a cluster with this status cannot be updated to `version`; undefined: it can. */
export function whyNotTo(version: string, status: UpgradeStatus): string | undefined {
  const to = numbersOf(version);
  if (to === undefined)
    return `“${version}” is no version with three numbers; after ${status.version} comes, for example, ${after(status.version)}.`;
  if (version === status.version)
    return status.settled
      ? `The cluster runs ${version} already.`
      : `The cluster is on its way to ${version} already.`;
  const from = numbersOf(status.version);
  if (from === undefined || status.reached.includes(version)) return undefined;
  if (to[0] !== from[0]) return `OpenShift ${from[0]} cannot become OpenShift ${to[0]}.`;
  if (to[1] > from[1] + 1)
    return `One minor release at a time: from ${status.version} to ${from[0]}.${from[1] + 1} first.`;
  if (to[1] < from[1] || (to[1] === from[1] && to[2] < from[2]))
    return `A cluster goes back only to a version that it was on: ${status.reached.join(', ')}.`;
  return undefined;
}

function numbersOf(version: string): Numbers | undefined {
  const found = zStream.exec(version);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : undefined;
}

function after(version: string): string {
  const numbers = numbersOf(version);
  return numbers ? `${numbers[0]}.${numbers[1]}.${numbers[2] + 1}` : '4.16.9';
}
