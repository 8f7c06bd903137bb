/** What follows a prefix: where the search goes on, and the secret if there is one. */
export interface Reached {
  readonly goOn: number;
  /** Undefined: none. `start` only where the secret begins after the prefix's end. */
  readonly secret: { readonly start?: number; readonly end: number } | undefined;
}
