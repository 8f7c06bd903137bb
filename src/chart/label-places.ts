/**
 * Moves labels that would lie on each other apart, each as little as it takes, in their order. `wanted` and the result are
 * pixels from the top, in the order given; `apart` is the height of one label; all stay within `height` if they fit.
 */
export function labelPlaces(wanted: readonly number[], apart: number, height: number): readonly number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => at(wanted, a) - at(wanted, b));
  let groups: Group[] = [];
  for (const index of order) {
    let group: Group = { members: [index], middle: within(at(wanted, index), 1) };
    for (let above = groups.at(-1); above && overlap(above, group); above = groups.at(-1)) {
      groups = groups.slice(0, -1);
      group = joined(above, group);
    }
    groups.push(group);
  }
  const places = [...wanted];
  for (const { members, middle } of groups) {
    const top = middle - ((members.length - 1) * apart) / 2;
    for (const [n, index] of members.entries()) places[index] = top + n * apart;
  }
  return places;

  function within(middle: number, count: number): number {
    const half = ((count - 1) * apart) / 2;
    return Math.max(half, Math.min(height - half, middle));
  }

  function overlap(above: Group, below: Group): boolean {
    const need = ((above.members.length + below.members.length) * apart) / 2;
    return below.middle - above.middle < need - 1e-6;
  }

  function joined(above: Group, below: Group): Group {
    const members = [...above.members, ...below.members];
    // The group whose middle is the mean of where its members want to be moves them least.
    const mean = members.reduce((sum, index) => sum + at(wanted, index), 0) / members.length;
    return { members, middle: within(mean, members.length) };
  }
}

interface Group {
  readonly members: readonly number[];
  readonly middle: number;
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
