import { randomInt } from 'node:crypto';
import type { Ids } from '../workflow/ports.ts';

// Without 0 o 1 l i u: somebody reads these aloud at night.
const letters = '23456789abcdefghjkmnpqrstvwxyz';

export function randomIds(): Ids {
  return { runId: () => `r-${Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')}` };
}
