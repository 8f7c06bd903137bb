import type { PlaceState } from '../../domain/copies/place-state.ts';
import type { StorageError } from './destination.ts';

/** Whether a destination is the known place, and what follows from that. */
export interface PlaceStatus {
  readonly destination: string;
  readonly state: Exclude<PlaceState, 'new'>;
  /** Known place: what is not found there may be recorded as gone, and old backups may be removed. */
  readonly mayRemove: boolean;
  /** False: a copy there fails with `refusal`. A place that did not answer is written to: the write says why it cannot be. */
  readonly mayWrite: boolean;
  /** Whether a look that found a copy wrong there (`missing`: not at all) holds against the copy on record. */
  mayDisprove(missing: boolean): boolean;
  /** Kind `not-known-place`, with the next step: what a copy says that is not made or not looked at. */
  readonly refusal: StorageError;
}

/** Whether a destination is the known place at this moment; asked before each write, removal and finding that something is gone. */
export interface Places {
  status(destination: string): Promise<PlaceStatus>;
}
