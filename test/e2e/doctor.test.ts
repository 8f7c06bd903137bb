import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 600_000;
const brokenPath = '/nowhere/oc';

describe('the doctor', { timeout }, () => {
  let stage: Stage;

  before(
    async () => {
      stage = await openStage({
        clusterConfig: { requestDeadline: '5s' },
        configure(config, { people }) {
          for (const each of config.clusters) each.owners = [people.viewer];
        },
      });
    },
    { timeout },
  );
  after(() => stage?.[Symbol.asyncDispose]());

  const ask = (text = 'doctor', user = stage.world.people.requester) => stage.ask(user, text);

  it('of a bot that has all that it needs says so, a line for each', async () => {
    const said = await ask();

    assert.match(said, /^What the bot needs\n✅ Everything is in order\./);
    assert.doesNotMatch(said, /❌|❔/);
    const { length } = stage.world.workspace.scopes();
    for (const line of [
      `Slack scopes: all granted (${length})`,
      'Channel of prod-east: the bot is in #platform-prod',
      'People: 3 people are mapped',
      'Slack knows 3 of them as members',
      'Records: take writes',
      'API of prod-east: answers',
      'Session image on prod-east: that of the etcd pods',
      'Clock against prod-east: the same',
    ]) {
      assert.ok(said.includes(`✅ ${line}`) || said.includes(line), `${line} in:\n${said}`);
    }
    assert.match(said, /Client .*: answers, version \S+/);
    assert.match(said, /Rights on prod-east: all granted \(\d\d\)/);
  });

  it('changes nothing: no run, no message in the channel, no pod', async () => {
    const before = stage.world.cards();

    await ask('doctor prod-east');

    assert.deepEqual(stage.world.cards(), before);
    assert.deepEqual(await stage.records.runs({ limit: 5 }), []);
    assert.deepEqual(stage.sessionPods(), []);
  });

  it('names each scope that was taken away, and where to add it', async (t: TestContext) => {
    const all = stage.world.workspace.scopes();
    stage.world.workspace.setScopes(all.filter((scope) => !scope.endsWith(':history')));
    t.after(() => stage.world.workspace.setScopes(all));

    const said = await ask();

    assert.match(said, /❌ 1 thing has to be put right/);
    assert.match(
      said,
      /Slack scopes: not granted: channels:history, groups:history, im:history\n→ .*“OAuth & Permissions”.*reinstall/,
    );
  });

  it('without the scope to look at channels does not guess their state', async (t: TestContext) => {
    const all = stage.world.workspace.scopes();
    stage.world.workspace.setScopes(all.filter((scope) => scope !== 'channels:read'));
    t.after(() => stage.world.workspace.setScopes(all));

    const said = await ask();

    assert.match(said, /not granted: channels:read\n/);
    assert.match(
      said,
      /❔ Channel of prod-east: Slack did not report .*missing_scope; needs the scope channels:read/,
    );
  });

  it('names the exact invitation when the bot is not in the channel', async (t: TestContext) => {
    const { workspace, channels } = stage.world;
    workspace.removeMember(channels.platform, 'app');
    t.after(() => workspace.invite(channels.platform, 'app'));

    const said = await ask('doctor prod-east');

    assert.match(
      said,
      /❌ Channel of prod-east: the bot is not in #platform-prod.*\n→ .*\/invite @etcd-backup/,
    );
  });

  it('sees that the channel is archived', async (t: TestContext) => {
    const { workspace, channels } = stage.world;
    workspace.archive(channels.platform);
    t.after(() => workspace.unarchive(channels.platform));

    const said = await stage.ask(stage.world.people.requester, 'doctor', channels.elsewhere);

    assert.match(said, /❌ Channel of prod-east: #platform-prod is archived.*\n→ Unarchive it/);
  });

  it('names each right that was taken away, and the role that grants it', async (t: TestContext) => {
    const { cluster } = stage.world;
    const exec = cluster.botRules().find(({ rule }) => rule.resources?.includes('pods/exec'));
    assert.ok(exec);
    t.after(cluster.withoutRule(exec, 'get'));

    const said = await ask();

    assert.match(
      said,
      /❌ Rights on prod-east: get pods\/exec in etcd-backup-sessions is missing, so no backup can run\n→ .*the role etcd-backup-sessions grants it/,
    );
    assert.match(said, /❌ 1 thing has to be put right/);
  });

  it('says why the API cannot be reached, and nothing that it cannot know then', async (t: TestContext) => {
    t.after(stage.world.cluster.faults.add({ kind: 'freeze', match: () => true }));

    const said = await ask();

    assert.match(
      said,
      /❌ API of prod-east: the cluster did not answer in time .*Its rights, session image and clock were not looked at\.\n→ /,
    );
    assert.doesNotMatch(said, /Rights on|Session image on|Clock against/);
    assert.match(said, /✅ Records: take writes/);
  });

  it('says so when the cluster refuses the token', async (t: TestContext) => {
    const unauthorized = {
      kind: 'status',
      code: 401,
      reason: 'Unauthorized',
      message: 'Unauthorized',
    } as const;
    t.after(stage.world.cluster.faults.add({ ...unauthorized, match: () => true }));

    assert.match(await ask(), /❌ API of prod-east: the cluster does not accept the bot's credentials/);
  });

  it('answers mapped people only', async () => {
    assert.match(
      await ask('doctor', stage.world.people.stranger),
      /does not know which cluster user you are/,
    );
  });

  it('knows its clusters, its help and its typing errors', async () => {
    assert.match(await ask('doctor prod-eats'), /Did you mean prod-east\?/);
    assert.match(await ask('help doctor'), /Is the bot itself well\?/);
    assert.match(await ask('docter'), /Did you mean \/etcd-backup doctor\?/);
  });
});

describe('the doctor of a bot that is configured wrongly', { timeout }, () => {
  let stage: Stage;
  const privateChannel = { id: '' };

  before(
    async () => {
      stage = await openStage({
        language: 'ko',
        copies: false,
        config: { client: { path: brokenPath } },
        configure(config, { workspace, people }) {
          privateChannel.id = workspace.addChannel({ name: 'secret', private: true, bot: false }).id;
          workspace.deactivate(people.viewer);
          const approval = { approvers: [people.approver, people.stranger, people.viewer] };
          Object.assign(config.clusters[0] ?? {}, { channel: privateChannel.id, approval });
        },
      });
    },
    { timeout },
  );
  after(() => stage?.[Symbol.asyncDispose]());

  it('finds the client, the channel and the approvers, and says how to fix each', async () => {
    const said = await stage.ask(stage.world.people.requester, 'doctor');

    assert.match(said, /❌ 고쳐야 할 것 4개/);
    assert.doesNotMatch(said, /nas-1|vault/, 'no destination is configured');
    assert.match(said, /클라이언트 \/nowhere\/oc: .*프로그램이 없어.*\n→ .*client\.path/);
    assert.match(
      said,
      new RegExp(`봇이 볼 수 있는 ${privateChannel.id} 채널이 없습니다.*\n→ .*/invite @etcd-backup`),
    );
    assert.match(said, /prod-east 승인자 @newcomer: people 목록에 없어/);
    assert.match(said, /승인자 @viewer \(\w+\): 비활성화된 Slack 계정입니다\n→ /);
    const worst = said.lastIndexOf('❌');
    assert.ok(worst < said.indexOf('✅'), 'bad lines first');
  });
});
