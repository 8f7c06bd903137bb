import { type Destination, StorageError, type StoredObject } from './destination.ts';

/** The object as the place itself has it, whatever a list says; undefined: there is none. Throws StorageError otherwise. */
export async function objectAt(destination: Destination, key: string): Promise<StoredObject | undefined> {
  try {
    return await destination.stat(key);
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'not-found') return undefined;
    throw error;
  }
}
