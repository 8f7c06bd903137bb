import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { findEtcdTools } from '../../src/drill/find-etcd.ts';
import { findToolSets } from '../../src/drill/tool-sets.ts';
import { etcd35, etcd35Dir, etcd35Name } from '../support/etcd-programs.ts';
import { need } from '../support/need.ts';

const timeout = 600_000;

/** Programs that answer as those of this version do; from 3.6 on etcdctl knows no snapshot but `save`. */
async function pretended(t: TestContext, version: string, names: readonly string[]): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'tool-sets-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  for (const name of names) {
    const said = name === 'etcd' ? `etcd Version: ${version}` : `${name} version: ${version}`;
    const ask = name === 'etcd' ? '--version' : 'version';
    const text = `#!/bin/sh
if [ "$1" = ${ask} ]; then echo '${said}'; exit 0; fi
echo 'Error: unknown command "status" for "etcdctl snapshot"' >&2
exit 1
`;
    await writeFile(path.join(dir, name), text, { mode: 0o755 });
  }
  return dir;
}

const all = ['etcd', 'etcdctl', 'etcdutl'] as const;

test('sets are found by directory, each of the version that its programs print', { timeout }, async (t) => {
  if (!need(t, etcd35Name, etcd35())) return;
  const six = await pretended(t, '3.6.1', all);
  const found = await findToolSets({ '3.5': etcd35Dir, '3.6': six }, '/nowhere');
  assert.deepEqual(found.problems, []);
  assert.deepEqual(
    found.sets.map(({ minor, tools }) => [minor, path.dirname(tools.etcd), tools.etcdutl !== undefined]),
    [
      ['3.5', etcd35Dir, true],
      ['3.6', six, true],
    ],
  );
  assert.match(found.sets[0]?.version ?? '', /^3\.5\.\d+/);
});

test('without a configuration the programs in PATH are one set', { timeout }, async (t) => {
  const searchPath = process.env.PATH ?? '';
  if (!need(t, 'etcd with etcdctl', findEtcdTools(searchPath))) return;
  const { sets, problems } = await findToolSets(undefined, searchPath);
  assert.deepEqual(problems, []);
  assert.equal(sets.length, 1);
  assert.ok(sets[0]?.version.startsWith(`${sets[0].minor}.`));
});

test('what cannot be used is reported, and takes no other set with it', { timeout }, async (t) => {
  const problemOf = async (key: string, dir: string) => {
    const good = await pretended(t, '3.5.9', all);
    const { sets, problems } = await findToolSets({ '3.5': good, [key]: dir }, '');
    assert.deepEqual(
      sets.map(({ minor }) => minor),
      ['3.5'],
    );
    assert.equal(problems.length, 1);
    return `${problems[0]?.minor} ${problems[0]?.kind}: ${problems[0]?.detail}`;
  };
  const incomplete = await pretended(t, '3.6.1', ['etcd', 'etcdctl']);
  assert.match(await problemOf('3.6', incomplete), /^3\.6 incomplete: .*needs etcdutl/);
  assert.match(await problemOf('3.6', '/nowhere'), /^3\.6 missing: no etcd and etcdctl in \/nowhere/);
  assert.match(
    await problemOf('3.4', await pretended(t, '3.4.23', ['etcd'])),
    /^3\.4 missing: no etcdctl in/,
  );
  assert.match(
    await problemOf('3.4', await pretended(t, '3.5.9', all)),
    /^3\.4 other-version: the programs are not all of etcd 3\.4: .*etcd 3\.5\.9/,
  );
  const silent = await pretended(t, '3.4.23', all);
  await writeFile(path.join(silent, 'etcdctl'), '#!/bin/sh\necho broken >&2; exit 1\n', { mode: 0o755 });
  assert.match(await problemOf('3.4', silent), /^3\.4 unusable: .*etcdctl does not tell its version: broken/);
});

test('programs of 3.4 and 3.5 need no etcdutl, those of PATH may not be mixed', { timeout }, async (t) => {
  const { sets } = await findToolSets({ '3.4': await pretended(t, '3.4.23', ['etcd', 'etcdctl']) }, '');
  assert.deepEqual(
    sets.map(({ minor }) => minor),
    ['3.4'],
  );
  const etcd = await pretended(t, '3.4.23', ['etcd']);
  const others = await pretended(t, '3.5.16', ['etcdctl', 'etcdutl']);
  const mixed = await findToolSets(undefined, `${etcd}:${others}`);
  assert.deepEqual(
    [mixed.sets.length, mixed.problems[0]?.kind, mixed.problems[0]?.minor],
    [0, 'other-version', undefined],
  );
  const six = await findToolSets(undefined, await pretended(t, '3.6.1', ['etcd', 'etcdctl']));
  assert.deepEqual([six.sets.length, six.problems[0]?.kind], [0, 'incomplete']);
});
