/**
 * Finds many known texts in one pass (Aho and Corasick): after each unit, `state` is the longest beginning of any of them
 * that ends there. So the time does not depend on how many there are, nor on what the text is made of.
 */
export class SecretSearch {
  /** By state and unit: the state one unit further, where that is still a beginning. */
  readonly #steps = new Map<number, number>();
  /** By state: the state of its longest end that is a beginning too. */
  readonly #shorter: number[] = [0];
  /** By state: the length of the longest known text that ends there; 0: none. */
  readonly #ending: number[] = [0];
  /** Units with which any of them begins: most of a text is passed over by this table alone. */
  readonly #first = new Uint8Array(65_536);

  constructor(texts: Iterable<string>) {
    const units: number[] = [0];
    const parents: number[] = [0];
    for (const text of texts) this.#add(text, units, parents);
    this.#linkShorter(units, parents);
  }

  /** Calls `found` for the longest known text that ends at each place. `end` is the first unit after it. */
  find(units: Uint16Array, found: (start: number, end: number) => void): void {
    let state = 0;
    for (let at = 0; at < units.length; at += 1) {
      const unit = units[at] ?? 0;
      if (state === 0 && this.#first[unit] === 0) continue;
      state = this.#next(state, unit);
      const length = this.#ending[state] ?? 0;
      if (length > 0) found(at + 1 - length, at + 1);
    }
  }

  #add(text: string, units: number[], parents: number[]): void {
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const key = keyOf(state, unit);
      let next = this.#steps.get(key);
      if (next === undefined) {
        next = this.#ending.length;
        this.#steps.set(key, next);
        this.#ending.push(0);
        units.push(unit);
        parents.push(state);
      }
      state = next;
    }
    if (text.length > 0) this.#first[text.charCodeAt(0)] = 1;
    if (text.length > 0) this.#ending[state] = text.length;
  }

  /** Shorter beginnings first: each link leads to a shorter one, whose own links are known by then. */
  #linkShorter(units: readonly number[], parents: readonly number[]): void {
    const depths = parents.map(() => 0);
    for (let state = 1; state < parents.length; state += 1)
      depths[state] = (depths[parents[state] ?? 0] ?? 0) + 1;
    const byDepth = [...depths.keys()].slice(1).sort((a, b) => (depths[a] ?? 0) - (depths[b] ?? 0));
    for (const state of byDepth) {
      const parent = parents[state] ?? 0;
      const link = parent === 0 ? 0 : this.#next(this.#shorter[parent] ?? 0, units[state] ?? 0);
      this.#shorter[state] = link;
      if (this.#ending[state] === 0) this.#ending[state] = this.#ending[link] ?? 0;
    }
  }

  #next(from: number, unit: number): number {
    for (let state = from; ; state = this.#shorter[state] ?? 0) {
      const next = this.#steps.get(keyOf(state, unit));
      if (next !== undefined) return next;
      if (state === 0) return 0;
    }
  }
}

function keyOf(state: number, unit: number): number {
  return state * 65_536 + unit;
}
