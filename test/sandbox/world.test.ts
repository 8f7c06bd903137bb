import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { type BotProcess, startWorld, until, type World, type WorldEvent } from '../../sandbox/world.ts';

const timeout = 600_000;
const project = new URL('../../', import.meta.url);
const hourMs = 3_600_000;

async function emptyDirectory(t?: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-world-'));
  t?.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

it('the example in docs/development.md runs exactly as written there', { timeout }, async (t) => {
  const document = await readFile(new URL('docs/development.md', project), 'utf8');
  const [, example = ''] =
    /```ts\n(import \{ startWorld \}[\s\S]*?)```/.exec(document) ?? assert.fail('there is no example');
  const dir = await emptyDirectory(t);
  const file = path.join(dir, 'try.ts');
  const here = example.replace('./sandbox/', new URL('sandbox/', project).href).replace('/tmp/', `${dir}/`);
  assert.notEqual(here, example);
  await writeFile(file, here);

  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout });

  assert.match(stdout, /master-0 \$ \S+/);
  assert.match(stdout, /snapshot_\S+\.db \d+\n/);
  assert.match(stdout, /^\d+ API requests$/m);
  assert.match(stdout, /@approver in #platform-prod clicks \[Approve\]/);
});

describe('a world', { timeout }, () => {
  let dir: string;
  let world: World;
  let bot: BotProcess;

  before(
    async () => {
      dir = await emptyDirectory();
      world = await startWorld({ dir, etcd: false, config: { watch: { every: '1s' } } });
      bot = await world.startBot();
    },
    { timeout },
  );
  after(async () => {
    await world?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  async function answer(text: string): Promise<string> {
    const outcome = await world.type('requester', text);
    return world.workspace.renderMessage(await outcome.nextPrivate(45_000));
  }

  it('reports all that happens in Slack, at the API and on the nodes as one stream, in order', async () => {
    const seen: WorldEvent[] = [];
    const stop = world.subscribe((event) => seen.push(event));
    await world.type('requester', 'run prod-east');
    await world.reads('approver', /Needs 1/);
    await world.click('approver', 'approve');
    await world.reads('requester', /The backup of prod-east is complete/);
    stop();
    const { length } = seen;
    await answer('help');
    assert.equal(seen.length, length, 'nothing comes after the end of the subscription');

    assert.deepEqual(
      seen.map(({ at }) => at),
      seen.map(({ at }) => at).toSorted((a, b) => a - b),
    );
    const slack = seen.flatMap((each) => (each.kind === 'slack' ? each.entry.kind : []));
    for (const kind of ['command', 'post', 'edit', 'click'] as const) assert.ok(slack.includes(kind), kind);
    const pods = seen.filter(
      (each) => each.kind === 'api' && each.request.resource === 'pods' && each.request.verb === 'create',
    );
    assert.ok(pods.length > 0, 'the session pod was asked for');
    const [snapshot] = (await world.tree('nas-1')).filter((file) => file.path.endsWith('.db'));
    const copying = seen.filter(
      (each) => each.kind === 'output' && each.argv[0] === 'cat' && each.argv.at(-1)?.endsWith('.db'),
    );
    const bytes = copying.reduce((sum, each) => sum + (each.kind === 'output' ? each.bytes : 0), 0);
    assert.ok(snapshot?.bytes !== undefined && bytes >= snapshot.bytes, `${bytes} bytes were copied`);
    const [commands, exits] = ['command', 'exit'].map((kind) => seen.filter((each) => each.kind === kind));
    assert.ok(commands?.length && exits?.length && exits.length <= commands.length);
  });

  it('reports what lies on nodes and at destinations', async () => {
    const files = await world.tree('vault');
    const [encrypted] = files.filter((file) => file.path.endsWith('.age'));
    const vault = world.offCluster?.destinations.vault ?? assert.fail();
    assert.equal((await stat(path.join(vault, encrypted?.path ?? ''))).size, encrypted?.bytes);
    const onNode = await world.tree('master-0', '/home/core/assets/backup');
    assert.ok(onNode.some((file) => /^\/home\/core\/assets\/backup\/.*snapshot_.*\.db$/.test(file.path)));
    assert.deepEqual(await world.tree('master-1', '/not/there'), []);
    await assert.rejects(world.tree('nas-2'), /neither a node nor a destination called nas-2/);
  });

  it('clicks and fills in by name, and says what there is instead', async () => {
    await assert.rejects(world.click('viewer', 'pauseApprove'), /no message that viewer sees has the button/);
    await assert.rejects(world.fill('approver', { reason: 'x' }), /no form is open before approver/);
    world.cluster.upgrade.request('4.16.9');
    world.cluster.upgrade.begin();
    world.cluster.upgrade.finish();
    await world.reads('approver', /was updated, and no fresh backup restores it/);
    await world.click('approver', 'reminderDismiss');
    await world.workspace.waitFor(() => world.workspace.modals('approver')[0], { what: 'the form' });
    await assert.rejects(world.fill('approver', { node: 'master-0' }), /no field node; it has \S+/);
    await world.fill('approver', { reason: 'it is a lab' });
    await world.reads('viewer', /it is a lab/);
  });

  it('injects faults and takes them away', async () => {
    const cut = await world.inject({ api: { kind: 'reset', match: () => true } });
    assert.match(await answer('check prod-east'), /cannot run now|could not/i);
    await cut();
    assert.match(await answer('check prod-east'), /A backup can run now/);

    const refused = await world.inject({
      slack: { method: 'auth.test', kind: 'error', error: 'fatal_error', times: 9 },
    });
    const authTest = async () => {
      const headers = { authorization: `Bearer ${world.workspace.botToken}` };
      const response = await fetch(`${world.workspace.apiUrl}auth.test`, { method: 'POST', headers });
      return (await response.json()) as { ok: boolean };
    };
    assert.equal((await authTest()).ok, false);
    await refused();
    assert.equal((await authTest()).ok, true);

    const settings = path.join(world.plane.nodes[2]?.dir ?? '', '.sandbox', 'conf');
    const full = await world.inject({ nodes: { outcome: 'disk-full' } });
    await world.stepClock(1_000);
    assert.match(await readFile(settings, 'utf8'), /outcome=disk-full/, 'the clock changes nothing of it');
    await full();
    assert.match(await readFile(settings, 'utf8'), /outcome=ok/);
  });

  it('moves the clocks of cluster, Slack and of a bot that runs', async () => {
    const before = world.clock.now();
    await world.stepClock(5 * hourMs);
    assert.ok(world.clock.now() - before >= 5 * hourMs);
    const from = bot.log().length;
    const said = await answer('doctor');
    assert.match(said, /Clock against prod-east: the same/);
    assert.match(await answer('list prod-east'), /5 h ago/);
    const lines = () =>
      bot
        .log()
        .slice(from)
        .split('\n')
        .filter((line) => line.startsWith('{'));
    const times = await until('a line of the log', () => {
      const found = lines().map((line) => (JSON.parse(line) as { time: number | string }).time);
      return found.length > 0 && found;
    });
    for (const time of times)
      assert.ok(new Date(time).getTime() >= before + 5 * hourMs - 1_000, String(time));
  });
});
