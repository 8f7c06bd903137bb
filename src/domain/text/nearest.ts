/** For a person who named something of the configuration that is not there: what was probably meant, else all that there is. */
export function unknownName(kind: 'cluster' | 'destination', name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint =
    near === undefined ? `the configuration has ${known.join(', ') || 'none'}` : `did you mean "${near}"?`;
  return `no ${kind} "${name}": ${hint}`;
}

/**
 * The known word closest to `word`, if it is close enough to be meant; undefined otherwise. `allowed`: how far a known word may
 * be away; by default what is a slip of the fingers.
 */
export function nearest(
  word: string,
  known: readonly string[],
  allowed: (each: string) => number = () => (word.length <= 4 ? 1 : 2),
): string | undefined {
  const wanted = word.toLowerCase();
  const ranked = known
    .filter((each) => Math.abs(each.length - wanted.length) <= allowed(each))
    .map((each) => ({ each, distance: editDistance(wanted, each.toLowerCase()) }))
    .filter(({ each, distance }) => distance <= allowed(each))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.each;
}

/** Insertions, deletions, replacements, and two neighbours swapped: what fingers do. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(rows, i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(rows, i - 1, j - 1) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, at(rows, i - 2, j - 2) + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return at(rows, a.length, b.length);
}

function at(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? 0;
}
