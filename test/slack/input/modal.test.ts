import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { View } from '../../../sandbox/slack/views.ts';
import type { ClusterFacts } from '../../../src/domain/cluster/facts.ts';
import { known } from '../../../src/domain/cluster/reading.ts';
import type { ClusterPolicy } from '../../../src/domain/policy/policy.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { actionIds, formIds } from '../../../src/slack/messages/index.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { randomIds } from '../../../src/system/ids.ts';
import { type Backups, createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { condition, etcdPod, facts, node, unread } from '../../support/cluster-facts.ts';
import { unusedPorts } from '../../support/unused-ports.ts';
import { aPolicy, fleetOf, gate, type Installed, install } from '../installed-app.ts';

const elsewhere = 'C0ELSEWHERE';
const east = aPolicy(elsewhere, { name: 'prod-east' });
const west = aPolicy(elsewhere, { name: 'prod-west' });

/** master-0 is not Ready, master-1 cordoned: the bot would choose master-2. */
const seen = facts({
  nodes: known([
    node('master-0', { conditions: [condition('Ready', 'False'), condition('DiskPressure', 'False')] }),
    node('master-1', { cordoned: true }),
    node('master-2'),
  ]),
  etcdPods: known(['master-0', 'master-1', 'master-2'].map((name) => etcdPod(name))),
});

for (const mode of ['socket', 'http'] as const)
  describe(`the form, mode ${mode}`, () => {
    let app: Installed;
    let slack: Slack;

    beforeEach(async () => {
      app = await install({}, mode);
      slack = await app.open();
    });
    afterEach(() => app.close());

    interface Setting {
      readonly clusters?: readonly ClusterPolicy[];
      readonly facts?: (cluster: ClusterPolicy) => Promise<ClusterFacts>;
      readonly change?: Partial<Backups>;
      readonly slack?: Slack;
      /** Somebody with a cluster user besides the three. */
      readonly guest?: string;
    }

    /** The real workflow on real records; the cluster is a list of facts. */
    async function listen(setting: Setting = {}): Promise<void> {
      const { clusters = [east, west], facts: read = async () => seen, change = {} } = setting;
      const connected = setting.slack ?? slack;
      const fleet = fleetOf(clusters, [
        ...[app.requester, app.approver, app.viewer],
        ...(setting.guest === undefined ? [] : [setting.guest]),
      ]);
      const real = createBackups({
        records: app.records,
        fleet,
        ...unusedPorts,
        clusters: {
          ...unusedPorts.clusters,
          facts: read,
          clusterAdmin: async () => known(true),
        },
        people: connected.people,
        self: connected.self,
        clock: systemClock(),
        ids: randomIds(),
        log: app.log,
        wake: () => undefined,
      });
      connected.listen({ watch: app.records.watch, backups: { ...real, ...change }, fleet, language: 'en' });
      await connected.start();
    }

    const type = (text: string, user = 'requester') =>
      app.workspace.slash({ user, channel: app.channel, command: slashCommand, text });
    const top = (user = 'requester') => app.workspace.modals(user).at(-1);
    const read = (view: View) => app.workspace.renderView(view);
    const shows = (what: RegExp, user = 'requester') =>
      app.workspace.waitFor(
        () => {
          const view = top(user);
          return view && what.test(read(view)) ? view : undefined;
        },
        { what: `a form that says ${what}` },
      );
    const choose = (cluster: string, values: Record<string, string> = {}, user = 'requester') =>
      app.workspace.clickView({ user, actionId: formIds.cluster, value: cluster, values });
    const send = (values: Record<string, string>, user = 'requester') =>
      app.workspace.submitView({ user, values });
    const runs = () => app.records.runs({ limit: 10 });
    const problems = () => app.lines.filter(({ level }) => level !== 'info');

    it('opens before anything is read, and says what it waits for', async () => {
      await listen();
      const before = app.workspace.calls().length;
      app.workspace.faults.add({ method: 'users.info', kind: 'freeze' });
      const outcome = await type('run');
      assert.equal(outcome.status, 'acked');
      const first = await app.workspace.waitFor(() => app.workspace.calls()[before], { what: 'a call' });
      assert.equal(first.method, 'views.open');
      const loading = await shows(/One moment/);
      assert.equal(loading.submit, null, 'there is nothing to send yet');
      const form = await shows(/Choose a cluster; its nodes/);
      assert.equal(form.private_metadata, app.channel, 'Slack keeps the channel for us and nothing else');
      assert.deepEqual(outcome.privately(), []);
    });

    it('shows the nodes with the reasons, and asks for what was chosen', async () => {
      const reading = gate();
      await listen({
        facts: async () => {
          await reading.opened;
          return seen;
        },
      });
      await type('run reason="before the change"');
      await shows(/Choose a cluster/);
      const choice = await choose('prod-west');
      assert.equal(choice.status, 'acked', 'acknowledged before the cluster is read');
      await shows(/prod-west.* being looked at/);
      reading.open();
      const form = read(await shows(/Proposed/));
      assert.match(form, /Proposed: .?master-2.?, the only node that is fit/);
      assert.match(form, /Not fit: .?master-0.? is not Ready/);
      assert.match(form, /The bot chooses; now master-2/);
      assert.match(form, /before the change/);
      const outcome = await send({ [formIds.node]: 'master-1' });
      assert.deepEqual(outcome.errors, {});
      assert.equal(top(), undefined, 'the form is closed');
      const [run, ...more] = await runs();
      assert.deepEqual(more, []);
      assert.deepEqual(
        [run?.cluster, run?.nodeWanted, run?.reason, run?.emergency, run?.askedIn],
        ['prod-west', 'master-1', 'before the change', undefined, app.channel],
      );
      assert.match((await outcome.nextPrivate()).text, new RegExp(`${run?.id}.* on record`));
      assert.deepEqual(problems(), []);
    });

    it('speaks Korean with those whose Slack does', async () => {
      await listen();
      await type('run', 'viewer');
      await shows(/클러스터를 선택하면/, 'viewer');
      await choose('prod-east', {}, 'viewer');
      assert.match(read(await shows(/제안/, 'viewer')), /유일한 노드인 .?master-2/);
      const outcome = await send({ [formIds.reason]: '네트워크 변경 전' }, 'viewer');
      assert.equal((await runs())[0]?.reason, '네트워크 변경 전');
      assert.match((await outcome.nextPrivate()).text, /기록/);
      await type('run', 'viewer');
      await shows(/클러스터를 선택하면/, 'viewer');
      const again = await send({ [formIds.cluster]: 'prod-east' }, 'viewer');
      assert.match(again.errors[formIds.cluster] ?? '', /이미 백업 중/);
    });

    it('leaves the node to the bot unless one is chosen', async () => {
      await listen();
      await type('run');
      await shows(/Choose a cluster/);
      await choose('prod-east');
      await shows(/Proposed/);
      await send({});
      const [run] = await runs();
      assert.equal(run?.nodeWanted, undefined);
      assert.equal(run?.reason, undefined);
    });

    it('opens from the button under the list of clusters, the only cluster chosen', async () => {
      await listen({ clusters: [east] });
      const answer = await (await type('')).nextPrivate();
      const click = { user: 'requester', channel: app.channel, ts: answer.ts, actionId: actionIds.ask };
      const outcome = await app.workspace.click(click);
      assert.equal(outcome.status, 'acked');
      await shows(/Proposed: .?master-2/);
      await send({});
      assert.equal((await runs())[0]?.cluster, 'prod-east');
    });

    it('takes a request while the nodes are still being looked at, or cannot be', async () => {
      const reading = gate();
      const dark = facts({ nodes: unread });
      await listen({ facts: () => reading.opened.then(() => dark) });
      await type('run node=master-1');
      await shows(/Choose a cluster/);
      await choose('prod-east');
      await shows(/being looked at/);
      await send({});
      assert.equal((await runs())[0]?.nodeWanted, 'master-1', 'a node that was typed is not lost');
      await type('run');
      await shows(/Choose a cluster/);
      await choose('prod-west');
      reading.open();
      await shows(/nodes of .?prod-west.? could not be read/);
      const outcome = await send({});
      assert.match((await outcome.nextPrivate()).text, /on record/);
      assert.deepEqual(problems(), [], 'that the first form was gone is no trouble');
    });

    it('does not wait for a cluster for ever', async () => {
      const real = systemClock();
      const clock = {
        ...real,
        sleep: (ms: number, signal?: AbortSignal) => real.sleep(ms >= 8_000 && ms < 30_000 ? 0 : ms, signal),
      };
      const hurried = await app.open({ clock });
      await listen({ slack: hurried, facts: () => new Promise(() => undefined) });
      await type('run');
      await shows(/Choose a cluster/);
      await choose('prod-east');
      await shows(/could not be read.*10 s/s);
      await send({});
      assert.equal((await runs()).length, 1);
    });

    it('says a refusal at the field that it is about, and keeps the form', async () => {
      await listen();
      await type('run node=Master_1 emergency="all alone"');
      await shows(/Choose a cluster/);
      const sent = { [formIds.cluster]: 'prod-east' };
      assert.match((await send(sent)).errors[formIds.nodeName] ?? '', /Master_1 cannot be the name/);
      assert.match(
        (await send({ ...sent, [formIds.nodeName]: '' })).errors[formIds.emergency] ?? '',
        /may not back up prod-east without an approval/,
      );
      assert.deepEqual(await runs(), []);
      const done = await send({ ...sent, [formIds.nodeName]: '', [formIds.emergency]: '' });
      assert.deepEqual(done.errors, {}, 'the same form can be sent when it is right');
      await type('run');
      await shows(/Choose a cluster/);
      assert.match((await send(sent)).errors[formIds.cluster] ?? '', /under way already/);
      assert.equal((await runs()).length, 1);
    });

    it('offers the emergency field only to those whom a policy names', async () => {
      const breakGlass = { people: [app.approver], owners: [app.viewer] };
      const guarded = aPolicy(elsewhere, { name: 'prod-north', approval: { ...east.approval, breakGlass } });
      await listen({ clusters: [east, guarded] });
      await type('run');
      assert.doesNotMatch(read(await shows(/Choose a cluster/)), /Emergency/);
      await type('run', 'approver');
      assert.match(read(await shows(/Choose a cluster/, 'approver')), /Emergency/);
      await choose('prod-east', {}, 'approver');
      assert.doesNotMatch(read(await shows(/Proposed/, 'approver')), /Emergency/);
      await choose('prod-north', {}, 'approver');
      await shows(/Emergency/, 'approver');
      await send({ [formIds.emergency]: 'etcd is losing members' }, 'approver');
      assert.equal((await runs())[0]?.emergency, 'etcd is losing members');
    });

    it('refuses a node that was chosen from another cluster’s list', async () => {
      await listen();
      await type('run');
      await shows(/Choose a cluster/);
      await choose('prod-east');
      await shows(/Proposed/);
      const outcome = await send({ [formIds.cluster]: 'prod-west', [formIds.node]: 'master-1' });
      assert.match(outcome.errors[formIds.cluster] ?? '', /those of prod-east, not of prod-west/);
      assert.deepEqual(await runs(), []);
    });

    it('shows the nodes of the newest choice, whichever cluster answers last', async () => {
      const slow = gate();
      const late = facts({ nodes: known([node('late-0')]), etcdPods: known([etcdPod('late-0')]) });
      await listen({
        facts: async ({ name }) => {
          if (name !== 'prod-east') return seen;
          await slow.opened;
          return late;
        },
      });
      await type('run');
      await shows(/Choose a cluster/);
      await choose('prod-east');
      await shows(/prod-east.* being looked at/);
      await choose('prod-west', { [formIds.reason]: 'typed meanwhile' });
      await shows(/Proposed: .?master-2/);
      const before = app.workspace.calls('views.update').length;
      slow.open();
      const last = await app.workspace.waitFor(
        () =>
          app.workspace.calls('views.update')[before]?.outcome !== 'pending' &&
          app.workspace.calls('views.update')[before],
        { what: 'the late update' },
      );
      assert.equal(last.outcome, 'hash_conflict');
      await send({});
      const [run] = await runs();
      assert.deepEqual([run?.cluster, run?.reason], ['prod-west', 'typed meanwhile']);
    });

    it('changes nothing when it is closed', async () => {
      const reading = gate();
      await listen({ facts: () => reading.opened.then(() => seen) });
      const outcome = await type('run');
      await shows(/Choose a cluster/);
      await choose('prod-east');
      await shows(/being looked at/);
      await app.workspace.closeView({ user: 'requester' });
      const before = app.workspace.calls('views.update').length;
      reading.open();
      await app.workspace.waitFor(
        () => app.workspace.calls('views.update')[before]?.outcome === 'not_found',
        {
          what: 'the update that finds no form',
        },
      );
      assert.deepEqual(await runs(), []);
      assert.deepEqual(outcome.privately(), []);
      assert.deepEqual(problems(), []);
    });

    for (const fault of [
      { kind: 'error', error: 'expired_trigger_id' },
      { kind: 'reset' },
      { kind: 'lost-response' },
    ] as const)
      it(`answers by text when the form does not open (${'error' in fault ? fault.error : fault.kind})`, async () => {
        await listen();
        app.workspace.faults.add({ method: 'views.open', ...fault });
        const outcome = await type('run');
        assert.equal(outcome.status, 'acked');
        assert.match((await outcome.nextPrivate()).text, /Which cluster\?.*prod-east.*prod-west/);
      });

    it('does nothing twice when Slack delivers twice', async () => {
      await listen();
      const asked = await type('run');
      await shows(/Choose a cluster/);
      await app.workspace.redeliver(asked.envelopeId);
      await app.workspace.waitFor(
        () => app.workspace.calls('views.open').filter(({ outcome }) => outcome !== 'pending').length === 2,
        { what: 'the second attempt to open' },
      );
      const sent = await send({ [formIds.cluster]: 'prod-east' });
      await sent.nextPrivate();
      await app.workspace.redeliver(sent.envelopeId);
      await app.workspace.waitFor(() => sent.privately().length === 2, { what: 'the second answer' });
      assert.match(sent.privately()[1]?.text ?? '', /on record already/);
      assert.equal((await runs()).length, 1);
      assert.equal(asked.privately().length, 2, 'only the answers to the form');
    });

    it('keeps the form when the request cannot be put on record', async () => {
      await listen({
        change: {
          request: async () => {
            throw new Error('disk full');
          },
        },
      });
      await type('run');
      await shows(/Choose a cluster/);
      const outcome = await send({ [formIds.cluster]: 'prod-east' });
      assert.match(outcome.errors[formIds.cluster] ?? '', /could not be put on record, so nothing was run/);
      assert.ok(top(), 'the form is still there');
    });

    it('answers guests in the form, and people without a cluster user by text', async () => {
      const guest = app.workspace.addUser({ name: 'guest', isRestricted: true });
      const newcomer = app.workspace.addUser({ name: 'newcomer' });
      for (const { id } of [guest, newcomer]) app.workspace.invite(app.channel, id);
      await listen({ guest: guest.id });
      await type('run', 'guest');
      await shows(/Choose a cluster/, 'guest');
      await choose('prod-east', {}, 'guest');
      const closed = await shows(/Guests may neither/, 'guest');
      assert.equal(closed.submit, null);
      const outcome = await type('run', 'newcomer');
      assert.match((await outcome.nextPrivate()).text, /does not know which cluster user you are/);
      assert.equal(top('newcomer'), undefined);
    });

    it('warns of what blocks a backup before anybody asks', async () => {
      await listen({ facts: async () => facts({ etcd: unread, version: unread }) });
      await type('run');
      await shows(/Choose a cluster/);
      await choose('prod-east');
      await shows(/At present, no backup of .?prod-east.? could run/);
    });

    it('lists a thousand clusters in groups', async () => {
      const many = Array.from({ length: 1_000 }, (_, index) =>
        aPolicy(elsewhere, { name: `cluster-${String(index).padStart(4, '0')}` }),
      );
      await listen({ clusters: many });
      await type('run');
      await shows(/Choose a cluster/);
      await choose('cluster-0777');
      await shows(/Proposed/);
      await send({});
      assert.equal((await runs())[0]?.cluster, 'cluster-0777');
    });

    it('asks by text where there are more clusters than a list can hold', async () => {
      const many = Array.from({ length: 1_001 }, (_, index) => aPolicy(elsewhere, { name: `c-${index}` }));
      await listen({ clusters: many });
      const outcome = await type('run');
      assert.match((await outcome.nextPrivate()).text, /Which cluster\?/);
      assert.equal(top(), undefined);
    });

    it('stays out of the way where nothing is missing', async () => {
      await listen({ clusters: [aPolicy(app.channel), west] });
      const outcome = await type('run');
      assert.match((await outcome.nextPrivate()).text, /for .prod-east. is on record/);
      assert.deepEqual(app.workspace.calls('views.open'), []);
    });
  });
