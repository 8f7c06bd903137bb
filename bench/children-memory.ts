import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Highest memory of the processes that this one has started, looked at ten times a second. */
export function peakOfChildren() {
  const stopped = new AbortController();
  const peak = { own: 0, withFiles: 0 };
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      const now = await memoryOfChildren();
      peak.own = Math.max(peak.own, now.own);
      peak.withFiles = Math.max(peak.withFiles, now.withFiles);
      await delay(100, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await watching;
      return peak;
    },
  };
}

async function memoryOfChildren() {
  const sum = { own: 0, withFiles: 0 };
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    if (!status.includes(`\nPPid:\t${process.pid}\n`)) continue;
    sum.own += kib(status, 'RssAnon');
    sum.withFiles += kib(status, 'VmRSS');
  }
  return sum;
}

function kib(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
}
