import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { directoryDestination } from '../../src/storage/directory/directory.ts';
import { nodeFiles, type PlaceFile, type PlaceFiles } from '../../src/storage/directory/place-files.ts';
import type { Destination } from '../../src/workflow/ports/destination.ts';

/** A file system whose calls can be made to hang: in the kernel, on a thread of the pool, until they are let go. */
export interface HungMount {
  readonly files: PlaceFiles;
  /** From now on; `calls`: only these (`lstat`, `datasync` …). */
  hang(...calls: readonly string[]): void;
  /** What hangs is carried out, and new calls answer. Resolves when it is over. */
  letGo(): Promise<void>;
  /** Names of the calls that hang now. */
  readonly hanging: readonly string[];
}

export function hungMount(t: Pick<TestContext, 'after'>): HungMount {
  const dir = mkdtempSync(join(tmpdir(), 'hung-mount-'));
  const fifo = join(dir, 'fifo');
  execFileSync('mkfifo', [fifo]);
  let isHung: ((call: string) => boolean) | undefined;
  const hanging: string[] = [];

  /** Opening a FIFO without a writer does not return, and cannot be called back: as with a server that is gone. */
  async function block(call: string): Promise<void> {
    if (!isHung?.(call)) return;
    hanging.push(call);
    const reader = await open(fifo, 'r');
    hanging.splice(hanging.indexOf(call), 1);
    await reader.close();
  }

  const letGo = async () => {
    isHung = undefined;
    while (hanging.length > 0) {
      // Not by the pool, whose threads may all be taken. Both ways: it does not block then, and lets every reader in.
      closeSync(openSync(fifo, constants.O_RDWR));
      await delay(10);
    }
    await delay(20);
  };
  t.after(async () => {
    await letGo();
    rmSync(dir, { recursive: true });
  });
  const between = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const value = Reflect.get(of, name) as unknown;
        if (typeof value !== 'function') return value;
        return async (...args: readonly unknown[]) => {
          await block(String(name));
          const result = (await value.apply(of, args)) as unknown;
          return name === 'open' ? between(result as PlaceFile) : result;
        };
      },
    });
  return {
    files: between(nodeFiles),
    hang: (...calls) => {
      isHung = (call) => calls.length === 0 || calls.includes(call);
    },
    letGo,
    hanging,
  };
}

/** A directory on such a mount, whose calls count as hung after so long. */
export function placeOnMount(
  mount: Pick<HungMount, 'files'>,
  path: string,
  name = 'nas',
  lookMs = 300,
): Destination {
  const clock = { now: () => Date.now() };
  return directoryDestination({ name, path, clock, files: mount.files, bounds: { lookMs, dataMs: lookMs } });
}
