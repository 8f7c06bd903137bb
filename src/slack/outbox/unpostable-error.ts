/** This message can never be posted; trying again would change nothing. */
export class UnpostableError extends Error {
  constructor(why: string, options?: { cause: unknown }) {
    super(why, options);
    this.name = 'UnpostableError';
  }
}

/** Puts a value into words; wording that fails must not hold up the messages behind it for ever. */
export function inWords<T>(words: () => T): T {
  try {
    return words();
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new UnpostableError(`it could not be put into words (${found}); please report this`, { cause });
  }
}
