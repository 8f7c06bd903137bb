import type { PagePatch } from '../protocol.ts';

type Parts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Remembers what a window was sent, and says what of a newer state it has not. */
export class Differences {
  readonly #sent = new Map<string, Map<string, string>>();

  /** undefined: nothing is new. Only the parts of this state are compared. */
  next(state: Parts): PagePatch | undefined {
    const patch: Record<string, Record<string, unknown>> = {};
    for (const [part, entries] of Object.entries(state)) {
      const sent = this.#sent.get(part) ?? new Map<string, string>();
      this.#sent.set(part, sent);
      for (const [key, value] of Object.entries(entries)) {
        const text = JSON.stringify(value);
        if (sent.get(key) === text) continue;
        sent.set(key, text);
        patch[part] = { ...patch[part], [key]: value };
      }
      for (const key of [...sent.keys()].filter((key) => !Object.hasOwn(entries, key))) {
        sent.delete(key);
        patch[part] = { ...patch[part], [key]: null };
      }
    }
    return Object.keys(patch).length === 0 ? undefined : patch;
  }
}
