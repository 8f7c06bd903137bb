import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ConfigFile } from '../../sandbox/world.ts';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 600_000;
let stage: Stage;
const people = { guest: '', foreigner: '', gone: '' };

function configure(config: ConfigFile, world: Stage['world']): void {
  const { workspace, channels, cluster } = world;
  const add = (person: Parameters<typeof workspace.addUser>[0]) => {
    const { id } = workspace.addUser(person);
    workspace.invite(channels.platform, id);
    config.people.push({ slack: id, user: 'requester' });
    return id;
  };
  // Mapped to a cluster-admin on purpose: it is Slack's word on the account that must stop them.
  people.guest = add({ name: 'guest', isUltraRestricted: true });
  people.foreigner = add({ name: 'foreigner', teamId: 'T0OTHERTEAM', isStranger: true });
  const worker = structuredClone(cluster.objects.get('nodes', 'master-1'));
  worker.metadata.name = 'worker-0';
  worker.metadata.labels = { 'node-role.kubernetes.io/worker': '' };
  const { uid: _uid, resourceVersion: _version, ...metadata } = worker.metadata;
  cluster.objects.put({ ...worker, metadata });
}

before(
  async () => {
    stage = await openStage({ seed: { topology: 'HighlyAvailableArbiter' }, configure });
  },
  { timeout },
);
after(() => stage?.[Symbol.asyncDispose]());

function inChannel(): number {
  return stage.world.cards().length;
}

async function nothingWaits(): Promise<void> {
  assert.deepEqual(await stage.records.runs({ active: true, limit: 5 }), []);
}

describe('people who may not', { timeout }, () => {
  it('somebody whom the configuration does not know gets one private sentence', async () => {
    const before = inChannel();

    for (const text of ['run prod-east', 'check prod-east', 'list']) {
      assert.match(
        await stage.ask(stage.world.people.stranger, text),
        /does not know which cluster user you are/,
      );
    }

    assert.equal(inChannel(), before);
    assert.deepEqual(await stage.records.runs({ limit: 5 }), []);
  });

  it('a guest is refused although the cluster would let them', async () => {
    const before = inChannel();

    await stage.ask(people.guest, 'run prod-east');

    await stage.waitForPrivate(people.guest, /^Guests may neither ask for a backup nor decide on one/);
    assert.equal(inChannel(), before, 'no card');
    const [run] = await stage.records.runs({ limit: 1 });
    assert.equal(run?.status, 'refused');
    await nothingWaits();
    assert.match(await stage.ask(people.guest, 'check prod-east'), /^Guests may neither/);
  });

  it('so is a member of another workspace', async () => {
    const before = inChannel();

    await stage.ask(people.foreigner, 'run prod-east');

    await stage.waitForPrivate(people.foreigner, /^People of other workspaces may neither/);
    assert.equal(inChannel(), before, 'no card');
    await nothingWaits();
  });

  it('so is a colleague who is not cluster-admin', async () => {
    const { viewer } = stage.world.people;
    const before = inChannel();

    await stage.ask(viewer, 'run prod-east');

    await stage.waitForPrivate(viewer, /cluster user viewer is not cluster-admin on prod-east/);
    assert.equal(inChannel(), before, 'no card');
    await nothingWaits();
  });

  it('a guest’s click on a card that waits counts for nothing', async () => {
    const request = await stage.request('prod-east', /Needs 1/, stage.world.people.approver);

    await stage.click(people.guest, request, 'approve');

    await stage.waitForPrivate(people.guest, /^Guests may neither[\s\S]*/);
    assert.equal((await stage.run(request)).status, 'waiting');
    await stage.ask(stage.world.people.approver, `cancel ${request.runId}`);
    await stage.waitForCard(request, /Cancelled/);
  });
});

describe('names that are not there', { timeout }, () => {
  const clusters = [
    ['prod-eats', /no cluster prod-eats\. Did you mean prod-east\?/],
    [
      '"$(touch /tmp/x); rm -rf / | `id` && true"',
      /no cluster \$\(touch \/tmp\/x\); rm -rf \/ \| .* Known are prod-east/,
    ],
    ['&lt;!channel&gt;', /no cluster <!channel>/],
    ['<!channel>', /no cluster <!channel>/],
    ['프로드-이스트', /no cluster 프로드-이스트/],
    ['"unclosed', /quotation mark is open/],
    [`it's`, /no cluster|quotation mark/],
    ['x'.repeat(10_000), /10,000 characters|characters; 4,000 are possible/],
    [`${'y'.repeat(3_900)}`, /no cluster y+/],
    ['../../etc/passwd', /no cluster \.\.\/\.\.\/etc\/passwd/],
    ['__proto__', /no cluster __proto__/],
    ['*bold*_it_~x~', /no cluster \*bold\*_it_~x~/],
  ] as const;
  for (const [name, answer] of clusters) {
    it(`of a cluster: ${name.slice(0, 40)}`, async () => {
      const before = inChannel();

      const said = await stage.ask(stage.world.people.requester, `run ${name}`);

      assert.match(said, answer);
      assert.equal(inChannel(), before);
      await nothingWaits();
    });
  }

  it('never mentions a whole channel, however it was asked', () => {
    const calls = stage.world.workspace.calls().filter(({ method }) => method.startsWith('chat.'));
    assert.doesNotMatch(JSON.stringify(calls), /<!(channel|here|everyone)/);
  });

  const nodes = [
    ['master-9', /no node named master-9\.\nNext step: Control-plane nodes are master-0, master-1/],
    ['worker-0', /worker-0.*is not a control-plane node/s],
    ['arbiter-0', /arbiter-0.*arbiter/s],
  ] as const;
  for (const [node, found] of nodes) {
    it(`of a node that cannot be used: ${node}`, async () => {
      const request = await stage.request(`prod-east node=${node}`, /Blocked by the checks/);

      assert.match(stage.card(request), found);
      await nothingWaits();
      assert.deepEqual(stage.sessionPods(), []);
    });
  }

  for (const node of ['"master-0; reboot"', 'MASTER-0', '<!here>', '$(id)', 'a'.repeat(300), '마스터']) {
    it(`of a node that cannot be one: ${node.slice(0, 20)}`, async () => {
      assert.match(
        await stage.ask(stage.world.people.requester, `run prod-east node=${node}`),
        /cannot be the name of a node/,
      );
      await nothingWaits();
    });
  }

  it('of a run', async () => {
    const { requester } = stage.world.people;
    for (const [text, answer] of [
      ['approve r-nothere1', /There is no run r-nothere1/],
      ['show "; drop table runs; --"', /There is no run/],
      ['cancel r-nothere1', /There is no run/],
      ['approve', /Which run/],
      ['aprove r-nothere1', /Did you mean .*approve/],
      ['reboot everything', /does not know reboot/],
    ] as const) {
      assert.match(await stage.ask(requester, text), answer);
    }
  });

  it('with a reason that is too long', async () => {
    const reason = 'r'.repeat(501);
    assert.match(
      await stage.ask(stage.world.people.requester, `run prod-east reason="${reason}"`),
      /501 characters; 500 are possible/,
    );
    await nothingWaits();
  });
});

describe('questions', { timeout }, () => {
  it('check says what a run would do, and changes nothing', async () => {
    const said = await stage.ask(stage.world.people.requester, 'check prod-east');

    assert.match(said, /Check of prod-east · 4\.16\.8 · node master-0/);
    assert.match(said, /A backup can run now/);
    assert.match(said, /HighlyAvailableArbiter/);
    await nothingWaits();
  });

  it('check for somebody without rights says so as a blocker', async () => {
    const said = await stage.ask(stage.world.people.viewer, 'check prod-east');

    assert.match(said, /A backup cannot run now/);
    assert.match(said, /viewer.*cluster-admin/);
  });

  it('status, list, show and the bare command say what is on record', async () => {
    const { requester } = stage.world.people;
    const request = await stage.request('prod-east node=master-1 reason="a look"');

    assert.match(await stage.ask(requester, 'status'), new RegExp(`${request.runId} .*waiting for approval`));
    assert.match(await stage.ask(requester, 'status prod-east'), /refused|blocked/);
    assert.match(await stage.ask(requester, 'list'), /no backup/);
    assert.match(await stage.ask(requester, ''), /prod-east.*no verified backup/);
    const shown = await stage.ask(requester, `show ${request.runId}`);
    assert.match(shown, /a look/);
    assert.match(shown, /node master-1/);
    assert.match(shown, /172\.31\.77\.11/);
    assert.equal(await stage.ask(requester, `status ${request.runId}`), shown);
    await stage.ask(requester, `cancel ${request.runId}`);
  });

  it('help names every command, and one of them in detail', async () => {
    const { requester } = stage.world.people;
    const all = await stage.ask(requester, 'help');

    for (const word of ['run', 'check', 'status', 'list', 'show', 'approve', 'reject', 'cancel']) {
      assert.match(all, new RegExp(`/etcd-backup ${word}`), word);
    }
    assert.match(await stage.ask(requester, 'help run'), /reason=/);
  });
});
