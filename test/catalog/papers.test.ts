import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { execa } from 'execa';
import { compileCache } from '../../sandbox/compile-cache.ts';
import type { FileKind, Manifest, ManifestCopy } from '../../src/domain/copies/manifest-document.ts';
import { editionMark, editionOf, readEditionMark } from '../../src/domain/restore/edition.ts';
import { manifestText } from '../../src/domain/restore/manifest.ts';
import { backupPrefix } from '../../src/domain/restore/object-keys.ts';
import { anotherManifest, startedAt } from '../support/manifests.ts';

const main = path.join(import.meta.dirname, '..', '..', 'src', 'catalog', 'main.ts');
const { number: edition } = editionOf('4.16.8');
const names = {
  snapshot: 'snapshot_2026-11-23_061444.db',
  resources: 'static_kuberesources_2026-11-23_061444.tar.gz',
};

/** A place as a bot that is gone left it, mounted somewhere else than the bot had it. */
async function openPlace(t: TestContext) {
  const above = await mkdtemp(path.join(tmpdir(), 'catalog-papers-'));
  t.after(() => rm(above, { recursive: true, force: true }));
  const dir = path.join(above, 'nas-1');
  await mkdir(dir);
  return {
    above,
    dir,
    async backup(runId: string, files: readonly FileKind[] = ['snapshot', 'resources']) {
      const base = anotherManifest({ runId });
      const prefix = backupPrefix({ cluster: 'prod-east', startedAt, zStream: '4.16.8', runId });
      const copy = (kind: FileKind): ManifestCopy => ({
        ...(base.files[kind].copies[0] ?? assert.fail()),
        destination: 'nas-1',
        place: { kind: 'directory', path: '/bot/pod/mount' },
        key: `${prefix}${names[kind]}`,
        storedSize: 100,
        encryptedFor: [],
        provenAt: '2026-11-23T06:15:31.250Z',
      });
      const manifest: Manifest = {
        ...base,
        files: {
          snapshot: { ...base.files.snapshot, copies: [copy('snapshot')] },
          resources: { ...base.files.resources, copies: [copy('resources')] },
        },
      };
      const room = path.join(dir, prefix);
      await mkdir(room, { recursive: true });
      for (const kind of files) await writeFile(path.join(room, names[kind]), 'x'.repeat(100));
      await writeFile(path.join(room, 'manifest.json'), manifestText(manifest));
      return room;
    },
  };
}

/** Without configuration and without any of the bot's environment. */
function papers(...words: readonly string[]) {
  return execa(process.execPath, [main, 'papers', ...words], {
    reject: false,
    env: { ...compileCache, PATH: process.env.PATH },
    extendEnv: false,
  });
}

describe('npm run catalog -- papers', { timeout: 180_000 }, () => {
  it('writes RESTORE.md where there is none, with the paths of the place as it is mounted now, and says what it wrote', async (t) => {
    const { dir, backup } = await openPlace(t);
    const room = await backup('r-abcdefgh');
    const done = await papers(dir);
    assert.deepEqual([done.exitCode, done.stderr], [0, ''], done.stdout);
    assert.match(
      done.stdout,
      /^written {2}r-abcdefgh {2}prod-east {2}\S+\/RESTORE\.md with edition \d+ .*before: no RESTORE\.md$/m,
    );
    assert.match(done.stdout, /^1 backups, 1 papers written, 0 current, 0 skipped$/m);
    const text = await readFile(path.join(room, 'RESTORE.md'), 'utf8');
    assert.deepEqual(readEditionMark(text)?.edition, edition);
    assert.ok(text.includes(`cp ${path.join(room, names.snapshot)} `), text);
    assert.ok(!text.includes('/bot/pod/mount'));

    const again = await papers(dir, '--language', 'ko');
    assert.match(again.stdout, /^current {2}r-abcdefgh/m);
    assert.equal(await readFile(path.join(room, 'RESTORE.md'), 'utf8'), text, 'nothing is written twice');
  });

  it('leaves what lies there as it is, its own and what is not its own, and writes beside it', async (t) => {
    const { dir, backup } = await openPlace(t);
    const own = await backup('r-ownolder');
    const older = `# old\n\n${editionMark({ runId: 'r-ownolder', edition: edition - 1, bot: '0.0.1' })}\n`;
    await writeFile(path.join(own, 'RESTORE.md'), older);
    const foreign = await backup('r-person00');
    await writeFile(path.join(foreign, 'RESTORE.md'), 'what we tried in March\n');
    const done = await papers(dir, '--language', 'ko');
    assert.equal(done.exitCode, 0, done.stderr);
    assert.match(done.stdout, /r-ownolder.*RESTORE\.2\.md .*before: edition \d+, left as it is$/m);
    assert.match(
      done.stdout,
      /r-person00.*RESTORE\.2\.md .*before: one that names no edition, left as it is$/m,
    );
    assert.equal(await readFile(path.join(own, 'RESTORE.md'), 'utf8'), older);
    assert.equal(await readFile(path.join(foreign, 'RESTORE.md'), 'utf8'), 'what we tried in March\n');
    assert.match(await readFile(path.join(own, 'RESTORE.2.md'), 'utf8'), /^# .*복원/);
  });

  it('writes no steps for what restores nothing, and names what it cannot read', async (t) => {
    const { dir, backup } = await openPlace(t);
    const half = await backup('r-half0000', ['snapshot']);
    const broken = await backup('r-broken00');
    await writeFile(path.join(broken, 'manifest.json'), '{');
    const done = await papers(dir);
    assert.equal(done.exitCode, 1);
    assert.match(done.stdout, /^no steps r-half0000 .*nothing was written$/m);
    assert.match(done.stdout, /^skipped \(unreadable\): \S*r-broken00\S*: manifest\.json is not JSON/m);
    for (const room of [half, broken])
      assert.ok(!(await readdir(room)).some((name) => name.startsWith('RESTORE')));
  });

  it('names the place where it was given a directory above or inside of one, and is no success then', async (t) => {
    const { above, dir, backup } = await openPlace(t);
    const room = await backup('r-abcdefgh');
    for (const wrong of [above, path.resolve(room)]) {
      const done = await papers(wrong);
      assert.deepEqual([done.exitCode, done.stderr], [1, ''], done.stdout);
      assert.match(done.stdout, new RegExp(`^nothing was written: no backup lies in ${wrong} as `, 'm'));
      assert.ok(done.stdout.split('\n').includes(`npm run catalog -- papers ${dir}`), done.stdout);
    }
    const empty = path.join(dir, 'empty');
    await mkdir(empty);
    const none = await papers(empty);
    assert.equal(none.exitCode, 1);
    assert.match(none.stdout, /Name the directory of a destination/);
    assert.ok(!(await readdir(room)).some((name) => name.startsWith('RESTORE')));
  });

  it('refuses what it does not understand', async (t) => {
    const { dir } = await openPlace(t);
    for (const [said, ...words] of [
      ['usage: npm run catalog', '--language', 'ko'],
      ['in en or ko, not in fr', dir, '--language', 'fr'],
    ] as const) {
      const done = await papers(...words);
      assert.deepEqual([done.exitCode, done.stdout], [2, ''], words.join(' '));
      assert.ok(done.stderr.includes(said), done.stderr);
    }
    const missing = await papers(path.join(dir, 'not-mounted'));
    assert.equal(missing.exitCode, 1);
    assert.match(missing.stdout, /^skipped \(unreachable\): .*not-mounted/m);
  });
});
