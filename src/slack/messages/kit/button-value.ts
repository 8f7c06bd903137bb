import type { BackupRun } from '../../../domain/run/run.ts';

/** What an approve button carries: which run, and which of its plans was on the card. Ids only, never authority. */
export interface ButtonValue {
  readonly runId: string;
  /** undefined: the button is not bound to a plan (reject, cancel). */
  readonly planRevision?: number;
}

/** `r-k7m2p9qx.2` */
export function buttonValue(run: Pick<BackupRun, 'id' | 'planRevision'>): string {
  return `${run.id}.${run.planRevision}`;
}

/** Undefined for everything that no card of ours ever carried. */
export function parseButtonValue(text: string): ButtonValue | undefined {
  const [, runId, revision] = /^(r-[0-9a-z]{8})(?:\.(0|[1-9][0-9]{0,8}))?$/.exec(text) ?? [];
  if (runId === undefined) return undefined;
  return revision === undefined ? { runId } : { runId, planRevision: Number(revision) };
}
