/** Lets a few calls at a time through, in the order in which they came. Calls that wait for their turn can be turned away. */
export class CallLane {
  readonly #places: number;
  readonly #waiting: { readonly go: () => void; readonly refuse: (reason: unknown) => void }[] = [];
  #taken = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** Undefined: a place was free. Otherwise resolves with the turn; a place that was taken is given back by `leave`. */
  enter(): Promise<void> | undefined {
    if (this.#taken < this.#places) {
      this.#taken += 1;
      return undefined;
    }
    return new Promise((go, refuse) => this.#waiting.push({ go, refuse }));
  }

  leave(): void {
    const next = this.#waiting.shift();
    // Its place goes to the next one.
    if (next) next.go();
    else this.#taken -= 1;
  }

  refuseWaiting(reason: unknown): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(reason);
  }
}
