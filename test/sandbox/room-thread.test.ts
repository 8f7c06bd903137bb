import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { findRoom } from '../../sandbox/demos/room-thread.ts';
import { openRoom } from '../../src/domain/restore-room/open-room.ts';
import type { Slack } from '../../src/slack/app/app.ts';
import { type Installed, install } from '../slack/installed-app.ts';
import { importBackup } from '../support/restorable.ts';
import { opening } from '../support/rooms.ts';

describe('the commands of a step, as a person takes them from the thread', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
    await importBackup(app.records);
  });
  afterEach(() => app.close());

  /** What is found of the first step, with these commands. */
  async function found(commands: readonly string[]) {
    const change = openRoom({ ...opening(), now: Date.now() });
    const [first = assert.fail(), ...rest] = change.room.steps;
    const room = { ...change.room, steps: [{ ...first, commands }, ...rest] };
    const now = Date.now();
    await app.records.decideRoom({
      cluster: room.cluster,
      roomId: room.id,
      now,
      decision: () => ({ ...change, room }),
    });
    app.sender(slack).start();
    await app.outboxEmpty();
    const channels = { platform: app.channel, elsewhere: app.channel };
    const thread = await findRoom({ workspace: app.workspace, channels });
    const step = (await thread.nextStep()) ?? assert.fail('no step waits');
    assert.deepEqual([step.number, step.kind], [1, 'room']);
    return thread.commandsOf(step);
  }

  const odd = `cat <<'EOF' && echo "&lt; is no <" > a\n  ~ *b* _c_\nEOF`;

  for (const [where, commands] of [
    ['message', [odd, 'ls -A']],
    // Two blocks of code in one message.
    ['message', [odd, `echo ${'x'.repeat(2_800)}`]],
    ['file', [odd, `echo ${'x'.repeat(4_000)}`]],
    ['none', []],
  ] as const)
    it(`are whole: ${where}, ${commands.join('').length} characters`, async () => {
      const block = commands.length === 0 ? undefined : commands.join('\n');
      assert.deepEqual(await found(commands), { from: where, block });
    });
});
