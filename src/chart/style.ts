/** In logical pixels; the picture has twice as many. Slack shows it about 500 wide, so letters are large for its size. */
export const plotWidth = 452;

/** Both ends of a long name: fleets number at either. */
export function shortName(cluster: string): string {
  const letters = [...cluster];
  return letters.length <= 18 ? cluster : `${letters.slice(0, 8).join('')}…${letters.slice(-9).join('')}`;
}
