// Loaded by node before the bot's own code (--import): its process then lives at another time, as if the machine's clock said so.
// The process that started it sets the clock with a message, and gets a message when that is done.
let offsetMs = Number(process.env.SANDBOX_CLOCK_OFFSET_MS ?? 0);
process.on('message', (next) => {
  offsetMs = Number(next);
  process.send?.(next);
});
// It keeps no process alive.
process.channel?.unref();
const real = Date;

globalThis.Date = new Proxy(real, {
  construct: (target, words: [], newTarget) =>
    Reflect.construct(target, words.length === 0 ? [real.now() + offsetMs] : words, newTarget),
  apply: () => new Date().toString(),
  get: (target, key) => (key === 'now' ? () => real.now() + offsetMs : Reflect.get(target, key)),
});
