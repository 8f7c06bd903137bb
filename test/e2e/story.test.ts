import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { playStory } from '../../sandbox/demos/story.ts';
import { verifyAuditChain } from '../../src/records/runs/audit-hash.ts';
import { openStage } from '../support/e2e.ts';

const timeout = 600_000;

describe('the whole story', { timeout }, () => {
  for (const slackMode of ['socket', 'http'] as const)
    it(`comes true in English, mode ${slackMode}, and every step is on record`, async () => {
      await using stage = await openStage({ slackMode });
      const { world, records } = stage;

      const end = await playStory(world, records);

      const thread = end.thread.map((each) => world.workspace.renderMessage(each)).join('\n');
      for (const word of [
        '@requester .requester. asked for a backup: “before the network change”',
        '@approver .approver. approved',
        'It restores 4.16.8 only',
        'snapshot at nas-1: copy verified',
        'resources at vault: copy verified',
        'Encrypted; any one of these can open it: recovery-1, recovery-2',
      ]) {
        assert.match(thread, new RegExp(word));
      }
      assert.equal(
        end.thread.length,
        7,
        'request, checks, refusal, approval, copies, files for a restore, report',
      );
      const steps = world.workspace
        .history(end.card.channel, end.card.ts)
        .map((each) => world.workspace.renderMessage(each))
        .filter((each) => /Running.* since/.test(each));
      assert.ok(steps.length > 0, 'the card shows the step while it runs');
      const card = world.workspace.renderMessage(end.card);
      assert.match(card, /Backed up in .* approved by @approver/);
      assert.ok(!JSON.stringify(end.card.blocks).includes('"type":"actions"'), 'the buttons are gone');
      const lines = await records.auditLines(end.run.id);
      assert.deepEqual(verifyAuditChain(lines), { ok: true });
      assert.deepEqual(
        lines.map((line) => line.action),
        [
          'requested',
          'checked',
          'vote-received',
          'vote-refused',
          'vote-received',
          'approved',
          'started',
          ...Array(6).fill('step'),
          'copied',
          'step',
          'succeeded',
        ],
      );
      assert.deepEqual(stage.sessionPods(), []);
      assert.doesNotMatch(stage.bot.log(), /"level":50/, 'the bot logged an error');
    });

  it('comes true in Korean: the card by configuration, private answers by the person’s locale', async () => {
    const speakers = { korean: '', english: '' };
    await using stage = await openStage({
      language: 'ko',
      configure(config, { workspace, channels }) {
        for (const [name, locale] of [
          ['korean', 'ko-KR'],
          ['english', 'en-US'],
        ] as const) {
          const { id } = workspace.addUser({ name, locale });
          workspace.invite(channels.platform, id);
          config.people.push({ slack: id, user: 'approver' });
          speakers[name] = id;
        }
      },
    });
    const { korean, english } = speakers;
    const { world, records } = stage;
    const { workspace } = world;

    const end = await playStory(world, records);

    const card = workspace.renderMessage(end.card);
    const thread = end.thread.map((each) => workspace.renderMessage(each)).join('\n');
    assert.match(card, /백업/);
    assert.match(card, /4\.16\.8/);
    assert.match(thread, /클러스터의 백업이 완료되었습니다/);
    assert.match(thread, /정적 pod 리소스/);
    assert.match(thread, /디렉토리/);
    // Whatever the cluster's language is.
    assert.match(await stage.ask(english, 'run prod-eats'), /There is no cluster prod-eats/);
    assert.match(await stage.ask(korean, 'help'), /[가-힣]{2}/);
    assert.match(await stage.ask(korean, 'run prod-eats'), /클러스터가 없습니다/);
    assert.match(await stage.ask(korean, `approve ${end.run.id}`), /늦었습니다/);
    assert.match(await stage.ask(korean, `show ${end.run.id}`), /요청 시각/);
    assert.deepEqual(stage.sessionPods(), []);
  });
});
