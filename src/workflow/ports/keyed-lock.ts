/** One lock for each key: the last work that holds it or waits for it. */
export type KeyedLocks = Map<string, Promise<unknown>>;

/** Runs `work` when all earlier work of this key has ended, whether it succeeded or not. */
export function withLock<T>(locks: KeyedLocks, key: string, work: () => Promise<T>): Promise<T> {
  const mine = (locks.get(key) ?? Promise.resolve()).then(work, work);
  locks.set(key, mine);
  const leave = () => {
    if (locks.get(key) === mine) locks.delete(key);
  };
  mine.then(leave, leave);
  return mine;
}
