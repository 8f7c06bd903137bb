import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** All command lines of this machine, over and over, until stopped. */
export function watchProcesses(): AsyncDisposable & { stop(): Promise<string> } {
  const seen = new Set<string>();
  let watching = true;
  const done = (async () => {
    while (watching) {
      const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
      const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
      for (const line of await Promise.all(lines)) seen.add(line);
      await delay(50);
    }
  })();
  const stop = async () => {
    watching = false;
    await done;
    return [...seen].join('\n');
  };
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}
