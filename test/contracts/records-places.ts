import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type OpenStore, requestedRun, t0, withStore } from './records-samples.ts';

const say = {
  type: 'place-not-known',
  destination: 'nas-1',
  label: '/mnt',
  kind: 'directory',
  state: 'absent',
} as const;
const actor = { kind: 'bot' } as const;

export function placesContract(open: OpenStore): void {
  suite('which place a destination is', () => {
    test('is nothing at first, then what was decided, also after a restart', () =>
      withStore(open, async ({ records, reopen }) => {
        assert.equal(await records.place('nas-1'), undefined);
        const set = { id: 'p-aaaaaaaa', since: t0 };
        const audit = [{ at: t0, actor, action: 'marked', detail: { id: 'p-aaaaaaaa' } } as const];
        await records.decidePlace({ destination: 'nas-1', now: t0, decision: () => ({ set, audit }) });
        const again = await reopen();
        assert.deepEqual(await again.place('nas-1'), { destination: 'nas-1', ...set, trouble: undefined });
        assert.equal(await again.place('nas-2'), undefined);
        const { lines, chain } = await again.placeAudit('nas-1');
        assert.deepEqual([lines.length, chain], [1, { ok: true }]);
      }));

    test('changes all or nothing: a decision that throws, or says nothing, leaves everything', () =>
      withStore(open, async ({ records }) => {
        await assert.rejects(
          records.decidePlace({
            destination: 'nas-1',
            now: t0,
            decision: () => {
              throw new Error('no');
            },
          }),
        );
        await records.decidePlace({ destination: 'nas-1', now: t0, decision: () => undefined });
        assert.equal(await records.place('nas-1'), undefined);
      }));

    test('carries its messages in the same transaction', () =>
      withStore(open, async ({ records }) => {
        const notices = [{ kind: 'private', slackUser: 'U1', say }] as const;
        const change = {
          set: { trouble: { state: 'absent', at: t0 } },
          audit: [{ at: t0, actor, action: 'not-known', detail: {} }],
          inform: { cluster: 'prod-east', notices },
        } as const;
        await records.decidePlace({ destination: 'nas-1', now: t0, decision: () => change });
        assert.deepEqual((await records.place('nas-1'))?.trouble, { state: 'absent', at: t0 });
        const item = await records.takeNotice({ now: t0 });
        assert.ok(item?.about === 'cluster' && item.cluster === 'prod-east');
        assert.deepEqual(item.notice, notices[0]);
      }));

    test('knows every stored copy of every run, however many', () =>
      withStore(open, async ({ records }) => {
        const copy = (key: string, destination: string, size: number | undefined) => ({
          ...{ file: 'snapshot', destination, place: { kind: 'directory', path: '/mnt' }, custodians: [] },
          ...{ encryptFor: [], key, location: key, tries: 1, provenAt: undefined, failure: undefined },
          nextTryAt: undefined,
          stored: size === undefined ? undefined : { size, sha256: 'a', at: t0, lockedUntil: undefined },
        });
        for (let n = 0; n < 450; n += 1) {
          const copies = [
            copy(`${n}/a`, 'nas-1', n),
            copy(`${n}/b`, 'vault', n),
            copy(`${n}/c`, 'nas-1', undefined),
          ];
          const id = `r-${String(n).padStart(8, 'b')}`;
          const run = requestedRun(id, 'prod-east', { status: 'succeeded', finishedAt: t0 });
          const success = { copies, scriptMs: 1, sessionPodLeft: undefined, artifacts: artifactsOf() };
          await records.importRun({ ...run, success: success as never }, []);
        }
        const { copies, unreadable } = await records.storedCopies('nas-1');
        assert.deepEqual([copies.length, unreadable], [450, 0]);
        assert.ok(copies.some(({ key, size }) => key === '449/a' && size === 449));
      }));
  });
}

function artifactsOf() {
  const file = { path: '/x', size: 1, sha256: 'a' };
  return { snapshot: { ...file, status: undefined }, resources: file };
}
