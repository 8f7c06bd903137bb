import { botHealth } from '../../src/system/bot-health.ts';
import { serveHealth } from '../../src/system/health.ts';
import { type LoopBounds, monitorLoop } from '../../src/system/loop-delay.ts';

/** A process whose loop its parent blocks: answers `/readyz`, prints its port, and blocks for as many ms as a line says. */
const bounds = JSON.parse(process.argv[2] ?? '') as LoopBounds | null;
const turning = { lastTurn: () => undefined };
const health = await serveHealth(
  0,
  botHealth({
    slack: { connected: () => true },
    records: { probe: async () => undefined },
    worker: turning,
    watcher: turning,
    contacts: { lastContact: () => undefined },
    clusters: () => [],
    clock: { now: () => 0 },
    loop: monitorLoop(bounds ?? undefined),
  }),
);
process.stdout.write(`${health.port}\n`);
process.stdin.on('data', (line: Buffer) => {
  const until = performance.now() + Number(line.toString());
  while (performance.now() < until);
});
