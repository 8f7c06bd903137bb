import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { freePort, until } from '../../sandbox/world.ts';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 900_000;
let stage: Stage;
let port: number;
/** The entry of prod-east, as another cluster may have it. */
let entry: Record<string, unknown>;
const at = (...names: readonly string[]) => path.join(stage.world.dir, 'clusters.d', ...names);

before(
  async () => {
    port = await freePort();
    stage = await openStage({
      config: { health: { port } },
      configure: (config, { people }) => {
        for (const cluster of config.clusters) cluster.owners = [people.approver];
      },
    });
    const config = parse(await readFile(stage.world.configFile, 'utf8')) as { clusters: (typeof entry)[] };
    entry = config.clusters[0] ?? assert.fail('no cluster');
    await mkdir(at());
  },
  { timeout },
);
after(() => stage?.[Symbol.asyncDispose]());

/** The same API under another name: a kubeconfig of its own makes it another cluster. */
async function clusterText(name: string, change: object = {}): Promise<string> {
  const kubeconfig = path.join(stage.world.dir, `kubeconfig-${name}.yaml`);
  await cp(path.join(stage.world.dir, 'kubeconfig.yaml'), kubeconfig);
  const { name: _, ...rest } = entry;
  return stringify({ ...rest, connect: { kubeconfig }, ...change });
}

async function asked(place: 'metrics' | 'readyz'): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/${place}`)).text();
}

const metric = (name: string, value: string) =>
  until(`${name} to be ${value}`, async () =>
    (await asked('metrics')).split('\n').includes(`${name} ${value}`),
  );

describe('clusters.d beside a bot that runs', { timeout }, () => {
  it('gives a cluster that is dropped in its watch, metrics, health note and commands, without a restart', async () => {
    const { world, bot } = stage;
    await writeFile(at('west.yaml'), await clusterText('west'));
    await metric('etcd_backup_coverage{cluster="west",state="uncovered"}', '1');
    assert.match(await asked('readyz'), /cluster west: last answer/);
    assert.ok((await stage.records.watch('west'))?.seen, 'it is watched');
    assert.match(await stage.answer('viewer', 'check west', /west/), /west/);
    assert.match(await stage.answer('viewer', '', /west/), /west[\s\S]*prod-east|prod-east[\s\S]*west/);
    assert.equal(world.workspace.sockets.accepted, 1, 'the bot was started again');
    assert.equal(bot, stage.bot);
  });

  it('keeps the old configuration for a mistake, notifies the owner once, and once when it is over', async () => {
    await writeFile(at('north.yaml'), await clusterText('north'));
    await writeFile(at('broken.yaml'), 'connect: [\n');
    const said = await stage.waitForPrivate('approver', /configuration has a mistake[\s\S]*broken\.yaml/);
    assert.match(said, /broken\.yaml/);
    await metric('etcd_backup_config_last_reload_successful', '0');
    assert.doesNotMatch(await asked('readyz'), /cluster north/);
    assert.match(await asked('readyz'), /cluster west/);
    assert.match(await stage.answer('viewer', 'doctor', /Configuration/), /broken\.yaml/);
    // The old one goes on to work.
    assert.match(await stage.answer('viewer', 'status west', /west/), /west/);
    await rm(at('broken.yaml'));
    stage.bot.signal('SIGHUP');
    await stage.waitForPrivate('approver', /configuration has no mistake any more/);
    await metric('etcd_backup_config_last_reload_successful', '1');
    await metric('etcd_backup_coverage{cluster="north",state="uncovered"}', '1');
    const { workspace } = stage.world;
    const messages = workspace.private('approver').map((each) => workspace.renderMessage(each));
    const times = (words: string) => messages.filter((text) => text.includes(words)).length;
    assert.deepEqual([times('was not taken over'), times('has no mistake any more')], [1, 1]);
  });

  it('lets a cluster that is removed during its run leave after it, answering what is asked meanwhile', async () => {
    const { world } = stage;
    const request = await stage.request('west reason="before it goes"');
    await stage.click('approver', request, 'approve');
    await until('the run to be under way', async () => (await stage.run(request)).status === 'running');
    const slow = await world.inject({ api: { kind: 'delay', ms: 1_000, match: () => true } });
    await rm(at('west.yaml'));
    stage.bot.signal('SIGHUP');
    await until('the removal to wait', async () => stage.bot.log().includes('"waiting":1'));
    await stage.answer('requester', 'run west', /west.* is being removed/);
    await stage.waitForCard(request, /is complete|Backed up|failed/i);
    await slow();
    assert.equal((await stage.run(request)).status, 'succeeded');
    await until('the cluster to leave', async () => !(await asked('readyz')).includes('cluster west'));
    assert.doesNotMatch(await asked('metrics'), /cluster="west"/);
    await stage.waitForPrivate('approver', /west is no longer backed up by this bot/);
    assert.match(await stage.answer('viewer', 'status west', /no cluster/i), /west/);
  });

  it('goes on with the records of one that comes back, through the links of a ConfigMap', async () => {
    const seen = (await stage.records.watch('west'))?.seen;
    for (const [edition, timeZone] of [
      ['..1', 'Asia/Seoul'],
      ['..2', 'Europe/Berlin'],
    ] as const) {
      await mkdir(at(edition));
      await writeFile(at(edition, 'west.yaml'), await clusterText('west', { timeZone }));
    }
    await symlink('..1', at('..data'));
    await symlink(path.join('..data', 'west.yaml'), at('west.yaml'));
    await metric('etcd_backup_coverage{cluster="west",state="covered"}', '1');
    assert.ok(seen);
    assert.match(await stage.answer('viewer', 'list west', /r-/), /KST|\+09|Seoul|west/);
    await symlink('..2', at('..data_tmp'));
    await rename(at('..data_tmp'), at('..data'));
    await until('the swapped file to be read', async () =>
      stage.bot.log().includes('the new configuration of the cluster is in force'),
    );
  });

  it('names what takes effect at the next start', async () => {
    await stage.world.reconfigure((config) => {
      config.log = { level: 'debug' };
    });
    await metric('etcd_backup_config_restart_needed', '1');
    assert.match(
      await stage.answer('viewer', 'doctor', /takes effect at the next start/),
      /takes effect at the next start: `?log/,
    );
  });
});
