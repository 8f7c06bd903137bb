import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { signatureOf } from '../../../sandbox/slack/http-delivery.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { until } from '../../../sandbox/world/until.ts';
import type { ClusterFacts } from '../../../src/domain/cluster/facts.ts';
import { known, unknown } from '../../../src/domain/cluster/reading.ts';
import type { BoardRow } from '../../../src/domain/fleet/board.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { actionIds, formIds } from '../../../src/slack/messages/index.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { randomIds } from '../../../src/system/ids.ts';
import type { Asked, BoardAnswer } from '../../../src/workflow/access/backups.ts';
import { type Backups, createBackups } from '../../../src/workflow/answers/create-backups.ts';

import { facts } from '../../support/cluster-facts.ts';
import { unusedPorts } from '../../support/unused-ports.ts';
import { aPolicy, fleetOf, gate, type Installed, install } from '../installed-app.ts';
import { aBoardRow, aCoverage } from '../messages/boards.ts';

/** The cluster's own channel: no person opens a Home tab there. */
const own = (app: Installed) => app.channel;

for (const mode of ['socket', 'http'] as const)
  describe(`the Home tab, mode ${mode}`, () => {
    let app: Installed;
    let slack: Slack;
    let asked: [name: string, who: Asked][];

    beforeEach(async () => {
      asked = [];
      app = await install({}, mode);
      slack = await app.open();
    });
    afterEach(() => app.close());

    interface Setting {
      readonly clusters?: readonly string[];
      readonly facts?: () => Promise<ClusterFacts>;
      readonly change?: Partial<Backups>;
      /** People of the configuration besides the three. */
      readonly people?: readonly string[];
    }

    /** The real workflow on real records; the cluster is a list of facts. */
    async function listen(setting: Setting = {}): Promise<void> {
      const {
        clusters = ['prod-east', 'prod-west'],
        facts: read = async () => facts(),
        people = [],
      } = setting;
      const policies = clusters.map((name) => aPolicy(own(app), { name }));
      const fleet = fleetOf(policies, [app.requester, app.approver, app.viewer, ...people]);
      const real = createBackups({
        records: app.records,
        fleet,
        ...unusedPorts,
        clusters: {
          ...unusedPorts.clusters,
          facts: read,
          version: async () => unknown('timeout', ''),
          clusterAdmin: async () => known(true),
        },
        people: slack.people,
        self: slack.self,
        clock: systemClock(),
        ids: randomIds(),
        log: app.log,
        wake: () => undefined,
      });
      const all = Object.entries({ ...real, ...setting.change }).map(([name, operation]) => [
        name,
        (who: Asked, input: never) => {
          asked.push([name, who]);
          return (operation as (who: Asked, input: never) => unknown)(who, input);
        },
      ]);
      slack.listen({
        watch: app.records.watch,
        backups: Object.fromEntries(all) as Backups,
        fleet,
        language: 'en',
      });
      await slack.start();
    }

    const open = (user = 'requester') => app.workspace.openHome({ user });
    const read = (view: View) => app.workspace.renderView(view);
    const homeShows = (what: RegExp, user = 'requester') =>
      app.workspace.waitFor(
        () => {
          const view = app.workspace.home(user);
          return view && what.test(read(view)) ? view : undefined;
        },
        { what: `a Home tab that says ${what}` },
      );
    const windowShows = (what: RegExp, user = 'requester') =>
      app.workspace.waitFor(
        () => {
          const view = app.workspace.modals(user).at(-1);
          return view && what.test(read(view)) ? view : undefined;
        },
        { what: `a window that says ${what}` },
      );
    const click = (actionId: string, value: string, blockId?: string) =>
      app.workspace.clickView({
        user: 'requester',
        home: true,
        actionId,
        value,
        ...(blockId === undefined ? {} : { blockId }),
      });
    const publishes = () => app.workspace.calls('views.publish');
    const published = (count: number) =>
      app.workspace.waitFor(
        () => publishes().filter(({ outcome }) => outcome !== 'pending').length >= count,
        {
          what: `${count} publishes`,
        },
      );
    const problems = () => app.lines.filter(({ level }) => level !== 'info');
    const rows = (count: number, change: Partial<BoardRow> = {}): readonly BoardRow[] =>
      Array.from({ length: count }, (_, n) => aBoardRow({ cluster: `c-${n + 1}`, ...change }));
    const answer = (all: readonly BoardRow[]) => async (): Promise<BoardAnswer> => ({
      outcome: 'board',
      rows: all,
    });

    async function signed(body: string, contentType: string): Promise<number> {
      const timestampS = String(Math.floor(Date.now() / 1000));
      const headers = {
        'content-type': contentType,
        'x-slack-request-timestamp': timestampS,
        'x-slack-signature': signatureOf(app.workspace.signingSecret, timestampS, body),
      };
      return (await fetch(app.requestUrl, { method: 'POST', headers, body })).status;
    }

    it('shows every cluster when it is opened, and nothing when another tab is', async () => {
      await listen();
      assert.equal((await open())?.status, 'acked');
      const text = read(await homeShows(/2 clusters, those in need first/));
      assert.match(text, /prod-east[\s\S]*\[Back up…\] \[Check\] \[Details\][\s\S]*prod-west/);
      assert.equal((await app.workspace.openHome({ user: 'requester', tab: 'messages' }))?.status, 'acked');
      await open();
      await published(2);
      assert.deepEqual(
        asked.map(([name, who]) => [name, who.channel]),
        [
          ['board', ''],
          ['board', ''],
        ],
        'from no channel, and not for the other tab',
      );
      assert.deepEqual(problems(), []);
    });

    it('uses the language of the person who opens it', async () => {
      await listen();
      await open('viewer');
      assert.match(read(await homeShows(/클러스터 2개/, 'viewer')), /\[백업 요청…\] \[점검\] \[자세히\]/);
    });

    it('shows one sentence and no cluster to a person who may not see the fleet', async () => {
      const { workspace } = app;
      workspace.addUser({ name: 'unknown' });
      const guest = workspace.addUser({ name: 'guest', isRestricted: true }).id;
      const stranger = workspace.addUser({ name: 'stranger', isStranger: true, teamId: 'T0ELSEWHERE' }).id;
      await listen({ people: [guest, stranger] });
      for (const [user, what] of [
        ['unknown', /does not know which cluster user you are/],
        ['guest', /Guests may neither/],
        ['stranger', /another|workspace/],
      ] as const) {
        await open(user);
        const view = await homeShows(what, user);
        assert.equal(read(view).split('\n').length, 1);
        assert.ok(!JSON.stringify(view).includes('prod-'), user);
      }
    });

    if (mode === 'http')
      it('shows nothing of the fleet to events and clicks of another workspace', async () => {
        await listen();
        const { requester } = app;
        const opened = {
          type: 'app_home_opened',
          user: requester,
          tab: 'home',
          channel: 'D0',
          event_ts: '1.1',
        };
        const event = { type: 'event_callback', team_id: 'T0ELSEWHERE', event_id: 'Ev0', event: opened };
        assert.equal(await signed(JSON.stringify(event), 'application/json'), 200);
        await published(1);
        assert.ok(!JSON.stringify(app.workspace.home('requester')).includes('prod-'));
        const action = {
          type: 'button',
          action_id: actionIds.boardCheck,
          value: 'prod-east',
          action_ts: '1.2',
        };
        const payload = {
          type: 'block_actions',
          team: { id: 'T0ELSEWHERE' },
          user: { id: requester },
          trigger_id: '1.2.3',
          container: { type: 'view', view_id: 'V0' },
          actions: [{ ...action, block_id: 'b' }],
        };
        const form = new URLSearchParams({ payload: JSON.stringify(payload) });
        assert.equal(await signed(form.toString(), 'application/x-www-form-urlencoded'), 200);
        const { workspace } = app;
        const said = await workspace.waitFor(() => workspace.private('requester').at(-1), {
          what: 'a sentence',
        });
        assert.equal(said.channel, workspace.direct('requester').id, 'the Home tab is no channel');
        assert.deepEqual(workspace.modals('requester'), []);
        assert.deepEqual(asked, [], 'the records are not even asked');
      });

    it('turns pages, keeps them when it is drawn again, and chooses a state', async () => {
      const stale = rows(3, { coverage: aCoverage({ state: 'stale' }) });
      await listen({ change: { board: answer([...stale, ...rows(60).slice(3)]) } });
      await open();
      const [top] = (
        (await homeShows(/Clusters 1–25 of 60/)).blocks as { type: string; block_id: string }[]
      ).filter(({ type }) => type === 'actions');
      await click(actionIds.boardPage, '2', top?.block_id);
      await homeShows(/Clusters 26–50 of 60 · page 2 of 3/);
      await click(actionIds.boardPage, '3', 'board-end');
      await homeShows(/Clusters 51–60 of 60/);
      const before = publishes().length;
      await click(actionIds.boardRefresh, 'again');
      await published(before + 1);
      assert.match(read(app.workspace.home('requester') as View), /Clusters 51–60 of 60/);
      await click(actionIds.boardFilter, 'stale');
      assert.match(read(await homeShows(/Clusters 1–3 of 3/)), /\[🟡 backup too old \(3\) ▾\]/);
      await click(actionIds.boardRefresh, 'again');
      await published(before + 3);
      assert.match(read(app.workspace.home('requester') as View), /Clusters 1–3 of 3/);
      await click(actionIds.boardFilter, 'all');
      await homeShows(/Clusters 1–25 of 60/);
    });

    it('opens the form with the cluster chosen before anything is read, and asks as in its channel', async () => {
      await listen();
      await open();
      await homeShows(/prod-west/);
      const before = app.workspace.calls().length;
      asked = [];
      const clicked = await click(actionIds.boardBackUp, 'prod-west');
      assert.equal(clicked.status, 'acked');
      const first = await app.workspace.waitFor(() => app.workspace.calls()[before], { what: 'a call' });
      assert.equal(first.method, 'views.open');
      const form = await windowShows(/\[prod-west ▾\]/);
      assert.equal(form.private_metadata, `${own(app)} home`);
      const sent = await app.workspace.submitView({
        user: 'requester',
        values: { [formIds.reason]: 'from the board' },
      });
      assert.deepEqual([sent.status, sent.errors], ['acked', {}]);
      const [run] = await app.records.runs({ limit: 10 });
      assert.deepEqual([run?.cluster, run?.reason], ['prod-west', 'from the board']);
      const wanted = asked.find(([name]) => name === 'request')?.[1];
      assert.equal(wanted?.channel, own(app), 'what may be asked there is asked as in the cluster’s channel');
      // Where the person looks is no channel: the answer comes as a direct message, and so does what follows.
      const [answer] = await app.workspace.waitFor(
        () => {
          const messages = app.workspace.private('requester');
          return messages.length > 0 && messages;
        },
        { what: 'the answer' },
      );
      assert.equal(answer?.visibleTo, undefined, 'a direct message');
      assert.match(answer?.text ?? '', /Your request .* is on record/);
      assert.equal(run?.askedIn, '');
    });

    it('says at once that it looks, then what the check found', async () => {
      const reading = gate();
      await listen({
        facts: async () => {
          await reading.opened;
          return facts();
        },
      });
      await open();
      await homeShows(/prod-east/);
      const clicked = await click(actionIds.boardCheck, 'prod-east');
      assert.equal(clicked.status, 'acked');
      await windowShows(/Looking at prod-east…/);
      reading.open();
      await windowShows(/Check of prod-east · 4\.16\.8/);
      assert.equal(asked.find(([name]) => name === 'check')?.[1].channel, own(app));
      // A second delivery of the click opens no second window and is no trouble.
      await app.workspace.redeliver(clicked.envelopeId);
      await app.workspace.waitFor(
        () => app.workspace.calls('views.open').at(-1)?.outcome.includes('trigger'),
        {
          what: 'the second try',
        },
      );
      assert.equal(app.workspace.modals('requester').length, 1);
      await open();
      await published(2);
      assert.deepEqual(problems(), []);
    });

    it('lists the runs of a cluster with its state', async () => {
      await listen();
      await app.put({ id: 'r-3d4f5g6h', cluster: 'prod-east', status: 'waiting' }, []);
      await open();
      await homeShows(/waiting for approval/);
      await click(actionIds.boardDetails, 'prod-east');
      const text = read(await windowShows(/1 run, newest first/));
      assert.match(text, /^Backups\n.* · prod-east[\s\S]*r-3d4f5g6h · prod-east/);
      await click(actionIds.boardDetails, 'prod-west');
      await windowShows(/No run of prod-west is on record yet/);
    });

    it('says so in the window when the question fails', async () => {
      const fails = () => Promise.reject(new Error('the disk is gone'));
      await listen({ change: { check: fails } });
      await open();
      await homeShows(/prod-east/);
      await click(actionIds.boardCheck, 'prod-east');
      await windowShows(/could not be looked up/);
      assert.equal(problems().length, 1);
    });

    it('draws the board without a cluster that is not configured any more', async () => {
      let all = rows(2);
      await listen({ clusters: ['c-2'], change: { board: async () => ({ outcome: 'board', rows: all }) } });
      await open();
      await homeShows(/c-1/);
      all = all.slice(1);
      assert.equal((await click(actionIds.boardCheck, 'c-1')).status, 'acked');
      await homeShows(/1 cluster,/);
      assert.deepEqual(app.workspace.modals('requester'), []);
    });

    it('does not put an older board over a newer one', async () => {
      const slow = gate();
      const answers = [
        async () => rows(1),
        async () => {
          await slow.opened;
          return rows(2);
        },
        async () => rows(3),
      ];
      await listen({
        change: { board: async () => ({ outcome: 'board', rows: (await answers.shift()?.()) ?? [] }) },
      });
      await open();
      await homeShows(/1 cluster,/);
      await open();
      await open();
      await homeShows(/3 clusters/);
      slow.open();
      await published(3);
      assert.deepEqual(
        publishes().map(({ outcome }) => outcome),
        ['ok', 'ok', 'hash_conflict'],
      );
      await homeShows(/3 clusters/);
      assert.deepEqual(problems(), [], 'that is no failure');
    });

    it('reports the records’ trouble in the tab, with a way to try again', async () => {
      let broken = true;
      const board = async (): Promise<BoardAnswer> => {
        if (broken) throw new Error('the disk is gone');
        return { outcome: 'board', rows: rows(1) };
      };
      await listen({ change: { board } });
      await open();
      await homeShows(/could not be drawn/);
      assert.deepEqual(
        problems().map(({ message }) => message),
        ['the board could not be read'],
      );
      broken = false;
      await click(actionIds.boardRefresh, 'again');
      await homeShows(/1 cluster,/);
    });

    for (const fault of [
      { kind: 'error', error: 'internal_error' },
      { kind: 'error', error: 'not_enabled' },
      { kind: 'http', status: 503 },
      { kind: 'reset' },
      { kind: 'ratelimited', retryAfterS: 3_600 },
    ] as const)
      it(`outlives a publish that fails: ${Object.values(fault).join(' ')}`, async () => {
        await listen();
        app.workspace.faults.add({ method: 'views.publish', ...fault });
        assert.equal((await open())?.status, 'acked');
        await until('a line in the log', () => problems().length > 0);
        await published(1);
        await open();
        await homeShows(/2 clusters/);
        assert.deepEqual(
          problems().map(({ message }) => message),
          ['the Home tab could not be drawn'],
          'notified once',
        );
        assert.equal(publishes().length, 2);
      });

    it('waits once for a rate limit, then draws', async () => {
      await listen();
      app.workspace.faults.add({ method: 'views.publish', kind: 'ratelimited', retryAfterS: 1 });
      await open();
      await homeShows(/2 clusters/);
      assert.equal(publishes().length, 2);
      assert.equal(problems().length, 1);
    });

    it('shows the same rows to /etcd-backup alone, to the person alone', async () => {
      await listen();
      const typed = await app.workspace.slash({
        user: 'requester',
        channel: app.channel,
        command: slashCommand,
        text: '',
      });
      const said = app.workspace.renderMessage(await typed.nextPrivate());
      assert.match(said, /2 clusters, those in need first[\s\S]*prod-east[\s\S]*prod-west[\s\S]*Home tab/);
      assert.deepEqual(app.workspace.messages(app.channel), []);
      assert.deepEqual(
        asked.map(([name, who]) => [name, who.channel]),
        [['board', app.channel]],
        'one question, from this channel',
      );
    });
  });
