/** In logical pixels; the picture has twice as many. Slack shows it about 500 wide, so letters are large for its size. */
export const plotWidth = 452;

/** Both ends of a long name: fleets number at either. */
export function shortName(cluster: string): string {
  const letters = [...cluster];
  return letters.length <= 18 ? cluster : `${letters.slice(0, 8).join('')}…${letters.slice(-9).join('')}`;
}

/** Words beside the end of a line or row, right of the plot. */
export const labelMark = {
  type: 'text',
  align: 'left',
  baseline: 'middle',
  fontSize: 13.5,
  fontWeight: 'bold',
  clip: false,
} as const;
export const labelX = { value: plotWidth + 18 } as const;
