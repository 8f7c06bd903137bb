/** `smallest`: as little as shows that the part still runs; bounds are printed and not judged. */
export type Size = 'full' | 'smallest';

/** `kept`: every bound holds. `broken`: one does not. Otherwise why it could not be measured on this machine. */
export type Verdict = 'kept' | 'broken' | { readonly notMeasured: string };

export interface Part {
  /** What it measures, and what it takes. */
  readonly about: string;
  /** How long the whole part may take before it is ended, ms, by size. */
  readonly deadlineMs: Readonly<Record<Size, number>>;
  /** Prints what it found. Leaves no process behind when it returns or throws. */
  measure(size: Size): Promise<Verdict>;
}

export function verdict(holds: boolean, size: Size): Verdict {
  return holds || size === 'smallest' ? 'kept' : 'broken';
}
