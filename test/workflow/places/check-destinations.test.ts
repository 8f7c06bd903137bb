import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openDestinations } from '../../../src/storage/open-destinations.ts';
import { checkDestinations } from '../../../src/workflow/places/check-destinations.ts';

test('one warning for each place that does not work, none for those that do', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'check-destinations-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const places = openDestinations(
    [
      { kind: 'directory', name: 'nas-1', path: dir },
      { kind: 'directory', name: 'vault', path: path.join(dir, 'gone') },
    ],
    { now: () => Date.now() },
  );
  const said: [object, string][] = [];
  await checkDestinations([places.get('nas-1'), places.get('vault')], {
    warn: (fields, message) => void said.push([fields, message]),
    info: () => undefined,
  });
  assert.equal(said.length, 1);
  assert.deepEqual(said[0]?.[0], { destination: 'vault', place: path.join(dir, 'gone') });
  assert.match(said[0]?.[1] ?? '', /^the destination vault does not work: \S.*[^\n]$/);
  assert.deepEqual(await readdir(dir), []);
});
