// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { compileCache } from '../../sandbox/compile-cache.ts';
import { lockRecords } from '../../src/records/engine/sqlite-lock.ts';

const main = path.join(import.meta.dirname, '..', '..', 'src', 'catalog', 'main.ts');

/** With one destination, and without Slack's tokens: a person who rescues records may have none. */
async function open(t: TestContext) {
  const dir = await mkdtemp(path.join(tmpdir(), 'catalog-command-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const mount = path.join(dir, 'mount');
  await mkdir(mount);
  const config = path.join(dir, 'config.yaml');
  const text = stringify({
    slack: { botToken: '${NO_SUCH_BOT_TOKEN}', appToken: { file: 'no-such-app-token' } },
    records: { file: 'records.sqlite' },
    people: [
      { slack: 'U0123456789', user: 'requester' },
      { slack: 'U0123456780', user: 'approver' },
    ],
    destinations: [{ name: 'nas-1', directory: { path: mount } }],
    clusters: [{ name: 'prod-east', connect: { inCluster: true }, channel: 'C0123456789' }],
  });
  await writeFile(config, text);
  const catalog = (...words: readonly string[]) =>
    execa(process.execPath, [main, ...words], {
      reject: false,
      env: { ...compileCache, PATH: process.env.PATH },
      extendEnv: false,
    });
  return { config, records: path.join(dir, 'records.sqlite'), catalog };
}

describe('npm run catalog', { timeout: 180_000 }, () => {
  it('rebuild is refused while the bot has the records, and says who has them', async (t) => {
    const { config, records, catalog } = await open(t);
    const lock = await lockRecords({ file: records, now: Date.now() });
    const refused = await catalog('rebuild', config);
    lock.release();
    assert.deepEqual([refused.exitCode, refused.stdout], [1, '']);
    const holder = `process ${process.pid} on ${hostname()}`;
    assert.match(
      refused.stderr,
      /^nothing was rebuilt: the bot uses the records in .*; stop it, then call rebuild again$/,
    );
    assert.ok(refused.stderr.includes(holder), refused.stderr);

    const rebuilt = await catalog('rebuild', config);
    assert.deepEqual([rebuilt.exitCode, rebuilt.stderr], [0, ''], rebuilt.stdout);
    assert.match(rebuilt.stdout, /0 found, 0 imported, 0 known, 0 skipped/);
  });

  it('prune only shows, and says so in words that claim nothing was tried; --help is an answer', async (t) => {
    const { config, catalog } = await open(t);
    const shown = await catalog('prune', config, '--dry-run');
    assert.match(shown.stdout, /^dry run: this command never deletes anything, 0 skipped$/);
    const bare = await catalog('prune', config);
    assert.deepEqual([bare.exitCode, bare.stdout], [2, '']);
    assert.match(bare.stderr, /^prune deletes nothing: .* Add --dry-run/);
    const help = await catalog('--help');
    assert.deepEqual([help.exitCode, help.stderr], [0, '']);
    assert.match(help.stdout, /^usage: npm run catalog/);
  });
});
