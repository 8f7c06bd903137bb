import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

/** A directory of this test's own, removed after it. */
export async function temporaryDirectory(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-test-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
