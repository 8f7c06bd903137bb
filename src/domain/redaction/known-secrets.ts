import { decoded, unitsOfText } from './decoded.ts';
import type { Range } from './ranges.ts';
import { secretForms } from './secret-forms.ts';
import { SecretSearch } from './secret-search.ts';

/**
 * A secret in JSON in a Status, in the body of an error, in its message, in a log line: five; one more for what looks like an
 * escape in the secret itself. A layer of backslashes halves the text, so that all of them cost little more than the first.
 */
const layers = 6;
const mark = '[secret]';

/** Secrets that we know, to be found wherever and however they are written. */
export interface KnownSecrets {
  ranges(text: string): readonly Range[];
  /** Units of the longest way in which one of them is searched for. */
  readonly longest: number;
}

export function knownSecrets(secrets: Iterable<string>): KnownSecrets {
  const forms = secretForms(secrets);
  if (forms.length === 0) return { ranges: () => [], longest: 0 };
  const search = new SecretSearch(forms);
  return {
    longest: Math.max(...forms.map((form) => form.length)),
    ranges(text) {
      const found: Range[] = [];
      let units = unitsOfText(text);
      // Where the units of a layer are in the text itself.
      let places: Int32Array | undefined;
      for (let layer = 0; ; layer += 1) {
        const from = places;
        const placeOf = (at: number) => (from ? (from[at] ?? text.length) : at);
        search.find(units, (start, end) => found.push({ start: placeOf(start), end: placeOf(end), mark }));
        const next = layer < layers ? decoded(units) : undefined;
        if (next === undefined) return found;
        units = next.units;
        places = next.places.map(placeOf);
      }
    },
  };
}
