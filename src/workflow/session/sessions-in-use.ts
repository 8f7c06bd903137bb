import type { NodeSessions } from '../ports/ports.ts';

/** By run: how many sessions of it this process opens or uses at this moment. Those of runs that are over are no leftovers then. */
const inUse = new WeakMap<NodeSessions, Map<string, number>>();

/** The session is over when what is returned is called, once or more. */
export function beginSession(sessions: NodeSessions, runId: string): () => void {
  const runs = inUse.get(sessions) ?? new Map<string, number>();
  inUse.set(sessions, runs);
  const add = (by: number) => runs.set(runId, (runs.get(runId) ?? 0) + by);
  add(1);
  let over = false;
  return () => {
    if (!over) add(-1);
    over = true;
  };
}

export function isSessionInUse(sessions: NodeSessions, runId: string): boolean {
  return (inUse.get(sessions)?.get(runId) ?? 0) > 0;
}
