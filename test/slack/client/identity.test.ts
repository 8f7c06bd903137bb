import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountKindOf } from '../../../src/domain/people/person.ts';
import { type BotIdentity, isOurs } from '../../../src/slack/client/identity.ts';

const alone: BotIdentity = {
  teamId: 'T0OURS',
  enterpriseId: undefined,
  botUserId: 'U0BOT',
  botId: 'B0BOT',
  botName: 'etcd-backup',
};
const grid: BotIdentity = { ...alone, enterpriseId: 'E0ORG' };

/** Workspace, the person's team, the organisation of a delivery, and whether it is ours: alone and in Enterprise Grid. */
const deliveries: readonly (readonly [
  string | undefined,
  string | undefined,
  string | undefined,
  boolean,
  boolean,
])[] = [
  ['T0OURS', 'T0OURS', undefined, true, true],
  ['T0OURS', undefined, undefined, true, true],
  ['T0OURS', 'T0OTHER', undefined, false, false],
  ['T0OTHER', 'T0OURS', undefined, false, false],
  [undefined, 'T0OURS', undefined, false, false],
  // A colleague whose home is elsewhere in the organisation, or who is identified by the organisation's own id.
  ['T0OURS', 'T0HOME', 'E0ORG', false, true],
  ['T0OURS', 'E0ORG', 'E0ORG', false, true],
  ['T0OURS', 'E0ORG', undefined, false, true],
  ['E0ORG', 'E0ORG', 'E0ORG', false, true],
  ['E0ORG', 'T0OURS', undefined, false, true],
  // Another organisation, by a shared channel.
  ['T0OTHER', 'T0OTHER', 'E0OTHER', false, false],
  ['E0OTHER', 'E0OTHER', 'E0OTHER', false, false],
  ['T0OURS', 'T0OURS', 'E0OTHER', true, false],
];

describe('where a delivery comes from', () => {
  for (const [teamId, userTeamId, enterpriseId, oursAlone, oursInGrid] of deliveries) {
    it(`team ${teamId}, the person's ${userTeamId}, organisation ${enterpriseId}`, () => {
      const from = { teamId, userTeamId, enterpriseId };
      assert.equal(isOurs(alone, from), oursAlone, 'a workspace of its own');
      assert.equal(isOurs(grid, from), oursInGrid, 'in Enterprise Grid');
    });
  }
});

describe('a person of Enterprise Grid', () => {
  const colleague = {
    teamId: 'T0HOME',
    deleted: false,
    guest: false,
    stranger: false,
    bot: false,
    locale: undefined,
    workspaces: ['T0HOME', 'T0OURS'],
  };
  const kind = (change: object) => accountKindOf({ ...colleague, ...change }, 'T0OURS');

  it('is a member where the list of workspaces holds ours', () => {
    assert.equal(kind({}), 'member');
    assert.equal(kind({ teamId: 'E0ORG' }), 'member');
    assert.equal(kind({ stranger: true }), 'member');
    assert.equal(kind({ workspaces: ['T0HOME'] }), 'stranger');
    assert.equal(kind({ teamId: 'T0OURS', workspaces: undefined }), 'member');
    assert.equal(kind({ workspaces: [] }), 'stranger');
  });

  it('is refused as a guest, a bot or a deactivated account as anybody else', () => {
    assert.equal(kind({ guest: true }), 'guest');
    assert.equal(kind({ bot: true }), 'bot');
    assert.equal(kind({ deleted: true }), 'deactivated');
  });
});
