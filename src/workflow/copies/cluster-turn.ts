import type { Fleet } from '../../domain/policy/policy.ts';
import { inOrder, type KeyedQueue } from '../ports/keyed-queue.ts';

const queues = new WeakMap<Fleet, KeyedQueue>();

/**
 * One after the other for each cluster of this process's fleet: two rounds that remove and call off copies of the same backups
 * would each record what the other one has changed meanwhile.
 */
export function inClusterTurn<T>(fleet: Fleet, cluster: string, work: () => Promise<T>): Promise<T> {
  const queue: KeyedQueue = queues.get(fleet) ?? new Map();
  queues.set(fleet, queue);
  return inOrder(queue, cluster, work);
}
