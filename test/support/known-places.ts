import { StorageError } from '../../src/workflow/ports/destination.ts';
import type { Places } from '../../src/workflow/ports/place-status.ts';

/** Every destination is the known place: for tests that look at what happens there. */
export const knownPlaces: Places = {
  async status(destination) {
    return {
      destination,
      state: 'known',
      mayRemove: true,
      mayWrite: true,
      mayDisprove: () => true,
      refusal: new StorageError({
        op: 'identify',
        kind: 'not-known-place',
        message: 'unused',
        hint: 'unused',
      }),
    };
  },
};
