export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function figures(values: readonly number[]): string {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return `median ${seconds(median(values))}, min ${seconds(min)}, max ${seconds(max)}, ${values.length} rounds`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** `57 MiB`; undefined: the system does not report it. */
export function mebibytes(kibibytes: number | undefined): string {
  return kibibytes === undefined ? 'unknown' : `${(kibibytes / 1024).toFixed(0)} MiB`;
}
