import type { FileCopy } from '../../domain/copies/file-copy.ts';
import type { RunSuccess } from '../../domain/run/run.ts';
import { placesOf, type WatchedPlaceDeps } from '../places/place-identity.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { Drill, Fetched } from '../ports/drill-ports.ts';
import type { PlaceStatus, Places } from '../ports/place-status.ts';
import type { NodeSession } from '../ports/ports.ts';

/** `places`: whether a copy lies at the known place is asked before it is fetched, and after a fetch that failed. */
export type DrillPlaces = OffCluster & { readonly drill: Drill; readonly places: Places };

export function withPlaces(deps: WatchedPlaceDeps, off: OffCluster & { readonly drill: Drill }): DrillPlaces {
  return { ...off, places: placesOf({ ...deps, offCluster: off }) };
}

/** The stored copy of the snapshot that the bot can read by itself; undefined: none is proven, or it is encrypted for people. */
export function readableCopy({ copies = [] }: Pick<RunSuccess, 'copies'>): FileCopy | undefined {
  return copies.find(
    (each) => each.file === 'snapshot' && each.provenAt !== undefined && each.encryptFor.length === 0,
  );
}

/**
 * Fetches the snapshot from its copy, or with `session` from the node. What is missing or wrong at another place than the known
 * one says nothing of the copy, so the place is named then.
 */
export async function fetchSnapshot(
  off: DrillPlaces,
  success: RunSuccess,
  session: NodeSession | undefined,
  signal: AbortSignal,
  copy: FileCopy | undefined = readableCopy(success),
): Promise<Fetched> {
  if (session || !copy) return fetchBytes(off, success, session, signal, copy);
  const before = await off.places.status(copy.destination);
  if (!before.mayWrite) return notKnown(before);
  const fetched = await fetchBytes(off, success, session, signal, copy);
  const kind = fetched.ok ? undefined : fetched.failure.kind;
  if (kind !== 'not-fetched' && kind !== 'snapshot-damaged') return fetched;
  // The volume may have gone while it was read.
  const after = await off.places.status(copy.destination);
  if (after.mayDisprove(kind === 'not-fetched')) return fetched;
  if (after.state !== 'unreachable') return notKnown(after);
  const detail = after.refusal.message;
  return kind === 'not-fetched' ? fetched : { ok: false, failure: { kind: 'not-fetched', detail } };
}

function notKnown({ destination, refusal }: PlaceStatus): Fetched {
  return { ok: false, failure: { kind: 'not-known-place', destination, detail: refusal.message } };
}

/**
 * Compares size and SHA-256 with the record. Wrong bytes are fetched once more: the same wrong ones again are a damaged copy;
 * others, and wrong bytes of the node, say nothing of it.
 */
async function fetchBytes(
  off: DrillPlaces,
  success: RunSuccess,
  session: NodeSession | undefined,
  signal: AbortSignal,
  copy: FileCopy | undefined,
): Promise<Fetched> {
  const { path, size, sha256 } = success.artifacts.snapshot;
  const open = async () => {
    if (session) return session.readFile(path);
    if (!copy) throw new Error('there is no stored copy that the bot can read');
    return off.destinations.get(copy.destination).open(copy.key, { signal, passing: true });
  };
  const fetch = () => off.drill.fetch(open, size, signal);
  const right = (fetched: Fetched) =>
    !fetched.ok || (fetched.snapshot.size === size && fetched.snapshot.sha256 === sha256);

  const first = await fetch();
  if (!first.ok || right(first)) return first;
  await first.snapshot.remove();
  const second = await fetch();
  if (!second.ok || right(second)) return second;
  await second.snapshot.remove();
  const same = first.snapshot.sha256 === second.snapshot.sha256;
  if (same && !session) {
    return { ok: false, failure: { kind: 'snapshot-damaged', size: second.snapshot.size } };
  }
  const detail = `expected ${size} bytes with SHA-256 ${sha256}, got ${second.snapshot.size} bytes with ${second.snapshot.sha256}`;
  return { ok: false, failure: { kind: 'not-fetched', detail } };
}
