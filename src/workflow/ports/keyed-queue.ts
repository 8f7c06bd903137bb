/** The last work of each key, while there is any. */
export type KeyedQueue = Map<string, Promise<unknown>>;

/** Runs `work` when all earlier work of this key has ended, whether it succeeded or not. */
export function inOrder<T>(queue: KeyedQueue, key: string, work: () => Promise<T>): Promise<T> {
  const mine = (queue.get(key) ?? Promise.resolve()).then(work, work);
  queue.set(key, mine);
  const leave = () => {
    if (queue.get(key) === mine) queue.delete(key);
  };
  mine.then(leave, leave);
  return mine;
}
