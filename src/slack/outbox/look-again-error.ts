/** What may have arrived is not there yet: nothing is sent again before it was looked for once more. */
export class LookAgainError extends Error {
  readonly afterMs: number;

  constructor(what: string, afterMs: number) {
    super(`${what}: its answer was lost, and it is looked for before it is sent again`);
    this.name = 'LookAgainError';
    this.afterMs = afterMs;
  }
}
