// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { markerKey } from '../../src/domain/copies/place-marker.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { placeStatus } from '../../src/workflow/places/place-identity.ts';
import { installation, nas, placeDirectory } from '../support/place-lab.ts';

const main = path.join(import.meta.dirname, '..', '..', 'src', 'destination', 'main.ts');

async function destination(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { reject: false });
  return { exitCode, stdout, stderr };
}

/** A configuration with one destination, whose records are open in this process, as the running bot has them. */
async function open(t: TestContext) {
  const dir = await placeDirectory(t);
  const mount = path.join(dir, 'mount');
  await mkdir(mount);
  const recordsFile = path.join(dir, 'records.sqlite');
  const kubeconfig = path.join(dir, 'kubeconfig');
  await writeFile(kubeconfig, 'current-context: a\ncontexts: [{ name: a }]\n');
  const config = path.join(dir, 'config.yaml');
  const text = stringify({
    // Neither is there: nothing here speaks to Slack.
    slack: { botToken: '${NO_SUCH_BOT_TOKEN}', appToken: { file: 'no-such-app-token' } },
    records: { file: recordsFile },
    people: [
      { slack: 'U0123456789', user: 'requester' },
      { slack: 'U0123456780', user: 'approver' },
    ],
    destinations: [{ name: 'nas-1', directory: { path: mount } }],
    clusters: [{ name: 'prod-east', connect: { kubeconfig }, channel: 'C0123456789', timeZone: 'UTC' }],
  });
  await writeFile(config, text, { mode: 0o600 });
  return { mount, config, recordsFile };
}

describe('npm run destination', { timeout: 180_000 }, () => {
  it('shows, adopts after a --yes, and audits, beside the running bot', async (t) => {
    const { mount, config, recordsFile } = await open(t);
    const records = await openSqliteRecords({ file: recordsFile });
    t.after(() => records.close());
    const bot = { ...(await installation(t, nas(mount))).deps, records };
    assert.match((await destination('list', config)).stdout, /^nas-1 {2}new {2}/m);
    assert.deepEqual(await readdir(mount), [], 'a look writes no marker');
    await placeStatus(bot, 'nas-1');
    const known = await destination('list', config);
    assert.deepEqual([known.exitCode, /^nas-1 {2}known {2}/m.test(known.stdout)], [0, true], known.stdout);

    await rename(mount, `${mount}.volume`);
    await mkdir(mount);
    const absent = await destination('list', config);
    assert.deepEqual(
      [absent.exitCode, /^nas-1 {2}absent {2}/m.test(absent.stdout)],
      [1, true],
      absent.stdout,
    );
    const asks = await destination('adopt', 'nas-1', config);
    assert.equal(asks.exitCode, 1);
    assert.match(
      asks.stdout,
      /nothing was adopted[\s\S]*found there: 0 objects; of 0 copies on record[\s\S]*add --yes/,
    );
    assert.deepEqual(await readdir(mount), []);

    const done = await destination('adopt', 'nas-1', config, '--yes');
    assert.deepEqual([done.exitCode, done.stderr], [0, '']);
    assert.match(done.stdout, /its marker was written/);
    assert.equal((await placeStatus(bot, 'nas-1')).state, 'known', 'the running bot sees it');
    const text = await readFile(path.join(mount, markerKey), 'utf8');
    assert.equal((await destination('adopt', 'nas-1', config)).exitCode, 0);
    assert.equal(await readFile(path.join(mount, markerKey), 'utf8'), text);
    const audit = await destination('audit', 'nas-1', config);
    assert.match(
      audit.stdout,
      / {2}marked {2}[\s\S]*terminal \(.*\) {2}adopted {2}[\s\S]*2 lines, as they were written/,
    );
  });

  it('says what is wrong with the call, with the name, and that there are no records', async (t) => {
    const { config, recordsFile } = await open(t);
    assert.match((await destination('remove', 'nas-1', config)).stderr, /^usage: /);
    assert.match((await destination('adopt')).stderr, /^usage: /);
    assert.match((await destination('adopt', 'nas-2', config)).stderr, /did you mean "nas-1"/);
    const none = await destination('list', config);
    assert.equal(none.exitCode, 2);
    assert.match(none.stderr, /records\.sqlite/);
    await assert.rejects(readFile(recordsFile), /ENOENT/, 'it makes no records');
  });

  it('finds a line that was changed afterwards', async (t) => {
    const { mount, config, recordsFile } = await open(t);
    const records = await openSqliteRecords({ file: recordsFile });
    await placeStatus({ ...(await installation(t, nas(mount))).deps, records }, 'nas-1');
    await records.close();
    const { DatabaseSync } = await import('node:sqlite');
    const raw = new DatabaseSync(recordsFile);
    raw.exec('update destination_audit set actor = \'{"kind":"person","slackUser":"U1","clusterUser":"x"}\'');
    raw.close();
    const audit = await destination('audit', 'nas-1', config);
    assert.deepEqual([audit.exitCode, /line 1 is not as it was written/.test(audit.stdout)], [1, true]);
  });
});
