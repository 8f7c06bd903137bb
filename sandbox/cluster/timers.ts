/** Timers that all end at once when the cluster closes. */
export class Timers {
  readonly #pending = new Set<NodeJS.Timeout>();

  /** Calls `action` after `ms`; the answer cancels it. */
  after(ms: number, action: () => void): () => void {
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      action();
    }, ms);
    this.#pending.add(timer);
    return () => {
      clearTimeout(timer);
      this.#pending.delete(timer);
    };
  }

  every(ms: number, action: () => void): void {
    const timer = setInterval(action, ms);
    this.#pending.add(timer);
  }

  close(): void {
    for (const timer of this.#pending) clearTimeout(timer);
    this.#pending.clear();
  }
}
