import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type OpenStore, t0, withStore } from './records-samples.ts';

const say = { type: 'config-correct' } as const;
const dayMs = 86_400_000;

export function configurationContract(open: OpenStore): void {
  suite('the configuration', () => {
    test('of each process that lives is known to all of them, and forgotten after a day of silence', () =>
      withStore(open, async ({ records, reopen }) => {
        const other = await reopen();
        await records.beat({ id: 'a', host: 'one', digest: 'x', now: t0 });
        await other.beat({ id: 'b', host: 'two', digest: 'y', now: t0 + 10 });
        await records.beat({ id: 'a', host: 'one', digest: 'z', now: t0 + 20 });
        const a = { id: 'a', host: 'one', digest: 'z' };
        const b = { id: 'b', host: 'two', digest: 'y' };
        assert.deepEqual(await records.bots({ since: t0 }), [a, b]);
        assert.deepEqual(await other.bots({ since: t0 + 11 }), [a]);
        await records.beat({ ...a, now: t0 + 11 + dayMs });
        assert.deepEqual(await other.bots({ since: 0 }), [a]);
      }));

    test('has mistakes that owners know of, with their messages, all or nothing', () =>
      withStore(open, async ({ records, reopen }) => {
        const known: (readonly string[])[] = [];
        const notices = [{ kind: 'private', slackUser: 'U1', say } as const];
        const decide = (next: readonly string[], store = records) =>
          store.decideConfigTrouble({
            now: t0,
            decision(before) {
              known.push(before);
              return { known: next, inform: [{ cluster: 'prod-east', notices }] };
            },
          });
        assert.equal(await decide(['b', 'a', 'a']), true);
        assert.equal(await decide(['c'], await reopen()), true);
        assert.equal(await records.decideConfigTrouble({ now: t0, decision: () => undefined }), false);
        await assert.rejects(
          records.decideConfigTrouble({
            now: t0,
            decision: () => {
              throw new Error('no');
            },
          }),
        );
        assert.equal(await decide([]), true);
        assert.deepEqual(known, [[], ['a', 'b'], ['c']]);
        assert.deepEqual((await records.outboxStatus()).unsent, 3);
        const item = await records.takeNotice({ now: t0 });
        assert.deepEqual(item?.notice, notices[0]);
      }));
  });
}
