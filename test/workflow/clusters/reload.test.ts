import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { loadConfigOfProcess } from '../../../src/config/build/process.ts';
import { configurationFiles } from '../../../src/start/configuration-files.ts';
import { openFleet } from '../../../src/start/fleet.ts';
import { createConfigReload } from '../../../src/workflow/clusters/reload.ts';
import { inTheWay } from '../../../src/workflow/clusters/under-way.ts';
import type { OutboxItem } from '../../../src/workflow/ports/records.ts';
import { openWorkflowLab, until, type WorkflowLab } from '../../support/workflow-lab.ts';

const timeout = 300_000;
const owner = 'U0000000001';

const main = JSON.stringify({
  slack: { botToken: 'xoxb-4711-botSecretValue', appToken: 'xapp-1-A4711-appSecretValue' },
  records: { file: 'records.db' },
  people: [
    { slack: owner, user: 'requester' },
    { slack: 'U0000000002', user: 'approver' },
  ],
  defaults: { channel: 'C0000000001', owners: [owner] },
  clusters: [{ name: 'prod-east', connect: { inCluster: true } }],
});
const west = 'connect: {kubeconfig: /kube/west.yaml}\n';

/** A bot's reloading over real files and real records; nothing of it works on clusters. */
async function openReloading(t: TestContext, before = async (_dir: string): Promise<void> => undefined) {
  const lab = await openWorkflowLab();
  t.after(() => lab[Symbol.asyncDispose]());
  const dir = await mkdtemp(path.join(tmpdir(), 'reload-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const file = path.join(dir, 'config.yaml');
  await writeFile(file, main);
  await mkdir(path.join(dir, 'clusters.d'));
  const config = await loadConfigOfProcess(file);
  const fleet = openFleet(config);
  const deps = { ...lab.deps, fleet, files: configurationFiles(file, config) };
  const reload = createConfigReload(deps, config.digest, {
    everyMs: 20,
    steadyMs: 10,
    settleMs: 10,
    bot: { id: 'bot-1', host: 'host-1' },
  });
  await before(dir);
  reload.start();
  t.after(() => reload.stop());
  const at = (name: string) => path.join(dir, 'clusters.d', name);
  return { lab, dir, file, fleet, reload, at };
}

/** What owners are to read, in order. */
async function told({ records, clock }: WorkflowLab): Promise<readonly string[]> {
  const items: OutboxItem[] = [];
  for (;;) {
    const item = await records.takeNotice({ now: clock.now() });
    if (!item) break;
    items.push(item);
    await records.noticeSent(item.id, { now: clock.now(), ts: undefined });
  }
  return items.map((item) => {
    if (item.about !== 'cluster' || item.notice.kind !== 'private') return JSON.stringify(item.notice);
    const { slackUser, say } = item.notice;
    if (say.type !== 'config-mistaken') return `${slackUser} ${say.type}`;
    return `${slackUser} ${say.mistakes.map((each) => `${path.basename(each.file)}:${each.line} ${each.text}`).join('; ')}`;
  });
}

describe('the configuration while a bot runs', { timeout }, () => {
  it('takes a file that is dropped in, and one that is swapped as the kubelet does', async (t) => {
    const { fleet, at } = await openReloading(t);
    await writeFile(at('west.yaml'), west);
    await until(async () => fleet.cluster('west') !== undefined);
    assert.deepEqual(fleet.connection('west')?.kubeconfig, { file: '/kube/west.yaml' });

    await unlink(at('west.yaml'));
    for (const edition of ['..1', '..2']) {
      await mkdir(at(edition));
      await writeFile(path.join(at(edition), 'west.yaml'), `${west}timeZone: Etc/GMT+${edition.slice(2)}\n`);
    }
    await symlink('..1', at('..data'));
    await symlink('..data/west.yaml', at('west.yaml'));
    await until(async () => fleet.cluster('west')?.timeZone === 'Etc/GMT+1');
    await symlink('..2', at('..data_tmp'));
    await rename(at('..data_tmp'), at('..data'));
    await until(async () => fleet.cluster('west')?.timeZone === 'Etc/GMT+2');
  });

  it('keeps all of the old one for a mistake in any file, and notifies owners once, and once when it is over', async (t) => {
    const { lab, fleet, reload, at } = await openReloading(t);
    await writeFile(at('west.yaml'), `${west}chanel: C0000000002\n`);
    await writeFile(at('north.yaml'), 'connect: {kubeconfig: /kube/north.yaml}\n');
    await until(async () => reload.status().mistakes.length > 0);
    const first = `${owner} west.yaml:2 chanel: expected a known key; found an unknown one (did you mean "channel"?)`;
    await until(async () => (await lab.records.outboxStatus()).unsent > 0);
    assert.deepEqual(await told(lab), [first]);
    assert.deepEqual(
      fleet.clusters.map(({ name }) => name),
      ['prod-east'],
    );
    // Another file is wrong as well: of the first one they know.
    await writeFile(at('north.yaml'), '- north\n');
    await until(async () => reload.status().mistakes.some(({ file }) => file.endsWith('north.yaml')));
    await until(async () => (await lab.records.outboxStatus()).unsent > 0);
    assert.match(
      (await told(lab)).join('\n'),
      /^\S+ north\.yaml:undefined the file: expected one cluster[^\n]*$/,
    );

    reload.readNow();
    await unlink(at('north.yaml'));
    await writeFile(at('west.yaml'), west);
    await until(async () => fleet.cluster('west') !== undefined);
    await until(async () => (await lab.records.outboxStatus()).unsent > 0);
    assert.deepEqual(await told(lab), [`${owner} config-correct`]);
    assert.deepEqual(reload.status().mistakes, []);
  });

  it('names what takes effect at the next start, and writes down what it runs', async (t) => {
    const { lab, file, reload } = await openReloading(t);
    const before = reload.status().digest;
    await until(async () => (await lab.records.bots({ since: 0 })).length === 1);
    await writeFile(file, JSON.stringify({ ...JSON.parse(main), log: { level: 'debug' } }));
    await until(async () => reload.status().atNextStart.length > 0);
    assert.deepEqual(reload.status().atNextStart, ['log']);
    const { digest } = reload.status();
    assert.notEqual(digest, before);
    await until(async () => (await lab.records.bots({ since: 0 }))[0]?.digest === digest);
  });

  it('takes no cluster away for a directory that is not there any more', async (t) => {
    const { fleet, dir, reload, at } = await openReloading(t);
    await writeFile(at('west.yaml'), west);
    await until(async () => fleet.cluster('west') !== undefined);
    const folder = path.join(dir, 'clusters.d');
    await rename(folder, `${folder}.away`);
    await until(async () => reload.status().mistakes.length > 0);
    assert.match(reload.status().mistakes[0]?.text ?? '', /expected the files that were there before/);
    assert.ok(fleet.cluster('west'));

    await rename(`${folder}.away`, folder);
    await until(async () => reload.status().mistakes.length === 0);
    assert.ok(fleet.cluster('west'));
    await unlink(at('west.yaml'));
    await until(async () => fleet.cluster('west') === undefined);
  });

  it('takes no cluster away for a directory that is lost while the files are read', async (t) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'reload-'));
    t.after(() => rm(dir, { recursive: true, force: true }));
    const file = path.join(dir, 'config.yaml');
    const folder = path.join(dir, 'clusters.d');
    await writeFile(file, main);
    await mkdir(folder);
    await writeFile(path.join(folder, 'west.yaml'), west);
    const files = configurationFiles(file, await loadConfigOfProcess(file));
    assert.ok((await files.read()).ok);
    // A pipe is read for as long as nothing comes.
    await rm(file);
    await promisify(execFile)('mkfifo', [file]);
    const reading = files.read();
    const pipe = await open(file, 'w');
    await rename(folder, `${folder}.away`);
    await pipe.writeFile(main);
    await pipe.close();
    const read = await reading;
    assert.ok(!read.ok && read.mistakes[0]?.file === folder, JSON.stringify(read));
  });

  it('sees that a mistake is over which lay in a file that another one names', async (t) => {
    const { dir, file, reload } = await openReloading(t);
    const { slack, ...rest } = JSON.parse(main);
    const named = { ...rest, slack: { ...slack, botToken: { file: 'token' } } };
    await writeFile(file, JSON.stringify(named));
    await until(async () => reload.status().mistakes.length > 0);
    await writeFile(path.join(dir, 'token'), slack.botToken, { mode: 0o600 });
    await until(async () => reload.status().mistakes.length === 0);
    assert.deepEqual(reload.status().atNextStart, []);
  });

  it('does its other work beside a file that never stops changing', async (t) => {
    let ticking: NodeJS.Timeout | undefined;
    const { lab } = await openReloading(t, async (dir) => {
      const notes = path.join(dir, 'clusters.d', 'notes.txt');
      ticking = setInterval(() => appendFileSync(notes, 'x'), 1);
    });
    try {
      await until(async () => (await lab.records.bots({ since: 0 })).length === 1);
    } finally {
      clearInterval(ticking);
    }
  });

  it('lets a removed cluster leave, and one that comes back be there again', async (t) => {
    const { lab, fleet, at } = await openReloading(t);
    await writeFile(at('west.yaml'), west);
    await until(async () => fleet.cluster('west') !== undefined);
    await unlink(at('west.yaml'));
    await until(async () => fleet.cluster('west') === undefined);
    assert.deepEqual(await told(lab), [`${owner} cluster-left`], 'nothing guards it from now on');
    await writeFile(at('west.yaml'), west);
    await until(async () => fleet.cluster('west') !== undefined);
  });
});

describe('what a change waits for', { timeout }, () => {
  it('is a run: of a new policy when it is approved, of a removal in any state', async () => {
    await using lab = await openWorkflowLab();
    const policy = { cluster: 'prod-east', what: 'policy' } as const;
    const removal = { cluster: 'prod-east', what: 'removal' } as const;
    assert.equal(await inTheWay(lab.deps, removal), undefined);
    await lab.waiting();
    assert.deepEqual(
      [await inTheWay(lab.deps, policy), await inTheWay(lab.deps, removal)],
      [undefined, 'run'],
    );
    await lab.tidy();
    await lab.approved();
    assert.deepEqual([await inTheWay(lab.deps, policy), await inTheWay(lab.deps, removal)], ['run', 'run']);
    await lab.tidy();
    assert.equal(await inTheWay(lab.deps, removal), undefined);
  });

  it('is a pause, asked for or in force', async () => {
    await using lab = await openWorkflowLab({ policy: { owners: ['U-OWNER'] } });
    const removal = { cluster: 'prod-east', what: 'removal' } as const;
    const person = lab.deps.fleet.people[0]?.slackUser ?? assert.fail();
    const wish = { cluster: 'prod-east', until: '2h', reason: 'moving house' };
    const answer = await lab.backups.pause(lab.asked(person), wish);
    assert.match(answer.outcome, /^pause/);
    assert.equal(await inTheWay(lab.deps, removal), 'pause');
  });
});

describe('a cluster that is being removed', { timeout }, () => {
  it('takes no new run and no pause', async () => {
    await using lab = await openWorkflowLab({ policy: { leaving: true } });
    const answer = await lab.request({ cluster: 'prod-east' });
    assert.deepEqual(answer, { outcome: 'being-removed', cluster: 'prod-east' });
    const person = lab.deps.fleet.people[0]?.slackUser ?? assert.fail();
    const wish = { cluster: 'prod-east', until: '2h', reason: 'moving house' };
    assert.deepEqual(await lab.backups.pause(lab.asked(person), wish), answer);
  });
});
