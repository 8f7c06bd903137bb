import type { Fleet } from '../../domain/policy/policy.ts';
import { type KeyedLocks, withLock } from '../ports/keyed-lock.ts';

const locksOf = new WeakMap<Fleet, KeyedLocks>();

/**
 * One after the other for each cluster of this process's fleet: two rounds that remove and call off copies of the same backups
 * would each record what the other one has changed meanwhile.
 */
export function withClusterLock<T>(fleet: Fleet, cluster: string, work: () => Promise<T>): Promise<T> {
  const locks: KeyedLocks = locksOf.get(fleet) ?? new Map();
  locksOf.set(fleet, locks);
  return withLock(locks, cluster, work);
}
