// Loaded by node before the bot's own code (--import): its process then lives at another time, as if the machine's clock said so.
// SANDBOX_CLOCK_FILE: its number (ms) counts instead from the moment that it stands there: somebody sets the clock.
import { readFileSync } from 'node:fs';

let offsetMs = Number(process.env.SANDBOX_CLOCK_OFFSET_MS ?? 0);
const file = process.env.SANDBOX_CLOCK_FILE;
if (file !== undefined) {
  setInterval(() => {
    try {
      offsetMs = Number(readFileSync(file, 'utf8'));
    } catch {
      // Not written yet.
    }
  }, 20).unref();
}
const real = Date;

globalThis.Date = new Proxy(real, {
  construct: (target, words: [], newTarget) =>
    Reflect.construct(target, words.length === 0 ? [real.now() + offsetMs] : words, newTarget),
  apply: () => new Date().toString(),
  get: (target, key) => (key === 'now' ? () => real.now() + offsetMs : Reflect.get(target, key)),
});
