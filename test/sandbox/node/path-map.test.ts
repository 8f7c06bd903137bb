import assert from 'node:assert/strict';
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { mapCommand, OutsideTreeError } from '../../../sandbox/node/path-map.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

test('whole words that are paths are mapped, a shell text and devices are not', async (t) => {
  const root = await realpath(await temporaryDirectory(t));
  assert.deepEqual(
    mapCommand(root, [
      'sh',
      '-ec',
      '/text "$1" 2>/dev/null',
      'etcd-backup',
      '/home/core/x',
      '/dev/null',
      'plain',
      '-n',
    ]),
    ['sh', '-ec', '/text "$1" 2>/dev/null', 'etcd-backup', `${root}/home/core/x`, '/dev/null', 'plain', '-n'],
  );
  assert.deepEqual(mapCommand(root, ['df', '-Pk', '/']), ['df', '-Pk', root]);
  assert.deepEqual(mapCommand(root, ['env', 'NO_PROXY=10.0.0.0/16', '/usr/local/bin/x', '/a b/']), [
    'env',
    'NO_PROXY=10.0.0.0/16',
    `${root}/usr/local/bin/x`,
    `${root}/a b/`,
  ]);
});

test('a program of the system is this machine’s unless the tree has its own', async (t) => {
  const root = await realpath(await temporaryDirectory(t));
  assert.equal(mapCommand(root, ['/bin/sh'])[0], '/bin/sh');
  await mkdir(path.join(root, 'bin'));
  await writeFile(path.join(root, 'bin/sh'), '');
  assert.equal(mapCommand(root, ['/bin/sh'])[0], `${root}/bin/sh`);
  assert.equal(mapCommand(root, ['rm', '/bin/ls'])[1], `${root}/bin/ls`, 'only as program, never as operand');
});

test('`..` stops at the top of the tree as in a chroot; a relative way out is refused', async (t) => {
  const root = await realpath(await temporaryDirectory(t));
  assert.equal(mapCommand(root, ['cat', '/../../../etc/passwd'])[1], `${root}/etc/passwd`);
  for (const word of ['..', '../x', 'a/../../x', './../../etc/passwd']) {
    assert.throws(() => mapCommand(root, ['cat', word]), OutsideTreeError, word);
  }
});

test('a symbolic link out of the tree is refused, also below it; one within the tree is not', async (t) => {
  const root = await realpath(await temporaryDirectory(t));
  await symlink('/etc', path.join(root, 'out'));
  await symlink('../../..', path.join(root, 'up'));
  await mkdir(path.join(root, 'home'));
  await symlink('home', path.join(root, 'in'));
  for (const word of ['/out', '/out/passwd', '/out/new/file', '/up/x', 'out/passwd']) {
    assert.throws(() => mapCommand(root, ['cat', word]), OutsideTreeError, word);
  }
  assert.equal(mapCommand(root, ['cat', '/in/file'])[1], `${root}/in/file`);
});
