import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';

const main = path.join(import.meta.dirname, '..', '..', 'src', 'main.ts');

test('npm start without a configuration names the file that is not there', { timeout: 120_000 }, async () => {
  const { exitCode, stderr } = await execa(process.execPath, [main, 'no-such-config.yaml'], {
    reject: false,
  });
  assert.equal(exitCode, 1);
  assert.match(
    stderr,
    /^etcd-backup cannot start: no-such-config\.yaml: the file: expected a readable YAML file; found no such file$/,
  );
});
