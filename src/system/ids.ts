import { randomInt } from 'node:crypto';
import type { Ids } from '../workflow/ports/ports.ts';

// Without 0 o 1 l i u: people read these aloud at night.
const letters = '23456789abcdefghjkmnpqrstvwxyz';

export function randomIds(): Ids {
  return { runId: () => `r-${some(8)}`, placeId: () => `p-${some(16)}` };
}

function some(count: number): string {
  return Array.from({ length: count }, () => letters[randomInt(letters.length)]).join('');
}
