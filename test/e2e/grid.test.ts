import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openStage } from '../support/e2e.ts';

const timeout = 600_000;

describe('a workspace of Enterprise Grid', { timeout }, () => {
  it('colleagues from other workspaces of the organisation ask and approve; those who do not belong here may not', async () => {
    await using stage = await openStage({
      slack: { enterpriseId: 'E0ORG' },
      configure(config, { workspace, channels }) {
        const add = (name: string, teamId: string, workspaces: readonly string[]) => {
          const { id } = workspace.addUser({ name, teamId, workspaces });
          workspace.invite(channels.platform, name);
          return id;
        };
        const asker = add('colleague', 'T0HOME', ['T0HOME', workspace.team.id]);
        const voter = add('voter', 'E0ORG', [workspace.team.id]);
        const elsewhere = add('elsewhere', 'T0HOME', ['T0HOME']);
        config.people = [
          { slack: asker, user: 'requester' },
          { slack: voter, user: 'approver' },
          { slack: elsewhere, user: 'viewer' },
        ];
      },
    });
    const request = await stage.request('prod-east', undefined, 'colleague');
    assert.match(await stage.ask('elsewhere', 'check prod-east'), /People of other workspaces/);
    await stage.click('elsewhere', request, 'approve');
    await stage.click('voter', request, 'approve');
    await stage.waitForCard(request, /Backed up in/);
    assert.match(stage.card(request), /approved by @voter\b/);
    assert.doesNotMatch(stage.card(request), /approved by[^\n]*@elsewhere/);
  });
});
