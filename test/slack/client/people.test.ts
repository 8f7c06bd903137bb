import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createPeople, type People } from '../../../src/slack/client/people.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { Clock } from '../../../src/workflow/ports/ports.ts';
import { type Installed, install } from '../installed-app.ts';

describe('Slack people', () => {
  let app: Installed;
  let people: People;
  let now = 0;
  const asked = () => app.workspace.calls('users.info').length;

  beforeEach(async () => {
    app = await install();
    now = 1_000_000;
    const clock: Clock = { ...systemClock(), now: () => now, monotonic: () => now };
    const { client, identity } = await app.open();
    people = createPeople({ client, teamId: identity.teamId, clock, profileDeadlineMs: 300 });
  });
  afterEach(() => app.close());

  it('distinguishes members, guests, strangers, bots and deactivated accounts', async () => {
    const { workspace } = app;
    const member = {
      teamId: workspace.team.id,
      deleted: false,
      guest: false,
      stranger: false,
      bot: false,
      locale: 'en-US',
    };
    const accounts = {
      requester: member,
      restricted: { ...member, guest: true },
      ultra: { ...member, guest: true },
      foreign: { ...member, stranger: true, teamId: 'T0OTHER' },
      gone: { ...member, deleted: true },
      robot: { ...member, bot: true },
    };
    workspace.addUser({ name: 'restricted', isRestricted: true });
    workspace.addUser({ name: 'ultra', isUltraRestricted: true });
    workspace.addUser({ name: 'foreign', isStranger: true, teamId: 'T0OTHER' });
    workspace.addUser({ name: 'gone', deleted: true });
    workspace.addUser({ name: 'robot', isBot: true, id: 'U0ROBOT' });
    const ids = new Map([
      ['requester', app.requester],
      ['robot', 'U0ROBOT'],
    ]);
    for (const [name, expected] of Object.entries(accounts)) {
      const id =
        ids.get(name) ??
        workspace
          .direct(name)
          .members.values()
          .find((each) => each !== workspace.identity.botUserId);
      assert.deepEqual(await people.profile(id ?? ''), { ok: true, value: expected }, name);
    }
  });

  it('reads the workspaces of a person of Enterprise Grid', async () => {
    const org = await install({ enterpriseId: 'E0ORG' });
    try {
      const { client, identity } = await org.open();
      assert.equal(identity.enterpriseId, 'E0ORG');
      people = createPeople({ client, teamId: identity.teamId, clock: systemClock() });
      const workspaces = ['T0HOME', identity.teamId];
      const { id } = org.workspace.addUser({ name: 'colleague', teamId: 'E0ORG', workspaces });
      const reading = await people.profile(id);
      assert.deepEqual(reading.ok && [reading.value.teamId, reading.value.workspaces], ['E0ORG', workspaces]);
    } finally {
      await org.close();
    }
  });

  it('asks Slack once a minute, and once for questions at the same time', async () => {
    await Promise.all([people.profile(app.requester), people.profile(app.requester)]);
    assert.equal(asked(), 1);
    now += 59_000;
    await people.profile(app.requester);
    assert.equal(asked(), 1);
    now += 2_000;
    await people.profile(app.requester);
    assert.equal(asked(), 2);
  });

  it('says why it does not know somebody, and asks again next time', async () => {
    const reason = async (id: string) => {
      const reading = await people.profile(id);
      return reading.ok ? 'known' : reading.why.reason;
    };
    assert.equal(await reason('U0NOBODY'), 'absent');
    app.workspace.faults.add({ method: 'users.info', kind: 'error', error: 'missing_scope' });
    assert.equal(await reason(app.requester), 'forbidden');
    app.workspace.faults.add({ method: 'users.info', kind: 'error', error: 'invalid_auth' });
    assert.equal(await reason(app.requester), 'unauthorized');
    app.workspace.faults.add({ method: 'users.info', kind: 'ratelimited' });
    assert.equal(await reason(app.requester), 'throttled');
    app.workspace.faults.add({ method: 'users.info', kind: 'reset' });
    assert.equal(await reason(app.requester), 'unreachable');
    assert.equal(await reason(app.requester), 'known');
  });

  it('does not wait for a Slack that says nothing', async () => {
    app.workspace.faults.add({ method: 'users.info', kind: 'freeze' });
    const reading = await people.profile(app.requester);
    assert.equal(reading.ok ? 'known' : reading.why.reason, 'timeout');
  });

  it('waits no longer than its limit', async () => {
    const { client, identity } = await app.open();
    const waits: number[] = [];
    const clock: Clock = {
      ...systemClock(),
      sleep(ms, signal) {
        waits.push(ms);
        return systemClock().sleep(Math.min(ms, 50), signal);
      },
    };
    people = createPeople({ client, teamId: identity.teamId, clock });
    app.workspace.faults.add({ method: 'users.info', kind: 'freeze' });
    const reading = await people.profile(app.requester, 1_200);
    assert.match(reading.ok ? 'known' : reading.why.detail, /within 1.2 s/);
    assert.deepEqual(waits, [1_200]);
  });

  it('knows the language for 10 minutes, and falls back on ours', async () => {
    assert.equal(await people.language(app.viewer, 'en'), 'ko');
    assert.equal(await people.language(app.requester, 'ko'), 'en');
    now += 9 * 60_000;
    assert.equal(await people.language(app.viewer, 'en'), 'ko');
    assert.equal(asked(), 2);
    now += 2 * 60_000;
    app.workspace.faults.add({ method: 'users.info', kind: 'http' });
    assert.equal(await people.language(app.viewer, 'en'), 'en');
    const french = app.workspace.addUser({ name: 'french', locale: 'fr-FR' }).id;
    assert.equal(await people.language(french, 'ko'), 'ko');
  });
});
