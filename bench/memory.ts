import { readFile, writeFile } from 'node:fs/promises';

/**
 * Peak resident memory of this process while `work` runs, over what it had before, in KiB. Linux reports the peak itself and
 * lets a process set it back, so that no sample is missed; undefined elsewhere.
 */
export async function peakOver<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly peakOverIdleKiB: number | undefined }> {
  const settable = await writeFile('/proc/self/clear_refs', '5').then(
    () => true,
    () => false,
  );
  const idle = settable ? await statusKiB('VmRSS') : undefined;
  const result = await work();
  const peak = settable ? await statusKiB('VmHWM') : undefined;
  return { result, peakOverIdleKiB: idle === undefined || peak === undefined ? undefined : peak - idle };
}

async function statusKiB(field: 'VmRSS' | 'VmHWM'): Promise<number | undefined> {
  const status = await readFile('/proc/self/status', 'utf8');
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return found === undefined ? undefined : Number(found);
}
