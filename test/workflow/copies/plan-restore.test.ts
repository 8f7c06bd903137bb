import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { FileKind } from '../../../src/domain/copies/manifest-document.ts';
import { manifestOf } from '../../../src/domain/restore/manifest.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { momentText } from '../../../src/domain/text/moment.ts';
import { restoreText } from '../../../src/restore/restore-text.ts';
import { openDestinations } from '../../../src/storage/open-destinations.ts';
import { copyTools } from '../../../src/storage/verify/copy-tools.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { NodeSessions } from '../../../src/workflow/ports/ports.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
const minute = 60_000;
const timeZone = 'Asia/Seoul';

/** A cluster whose files go to two directories. */
async function openRoom(t: TestContext): Promise<WorkflowLab> {
  const dir = await mkdtemp(path.join(tmpdir(), 'plan-restore-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const places = (['nas-1', 'vault'] as const).map((name) => ({
    kind: 'directory' as const,
    name,
    path: path.join(dir, name),
  }));
  for (const place of places) await mkdir(place.path);
  const copy = (file: FileKind, index: 0 | 1) => {
    const { name, path: at } = places[index] ?? assert.fail();
    const place = { kind: 'directory' as const, path: at, where: `the share ${name}` };
    return { file, destination: name, place, custodians: [], encryptFor: [] };
  };
  const lab = await openWorkflowLab({
    offCluster: {
      destinations: openDestinations(places, systemClock()),
      tools: copyTools(),
      restoreText,
      drill: undefined,
    },
    policy: { copies: [copy('snapshot', 0), copy('resources', 1)], timeZone },
  });
  t.after(() => lab[Symbol.asyncDispose]());
  return lab;
}

async function done(lab: WorkflowLab): Promise<BackupRun> {
  await lab.approved();
  const run = await lab.turn();
  assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
  return run ?? assert.fail();
}

/** So much time passes between the start of a run and its script. */
function slowStart(lab: WorkflowLab, ms: number): void {
  const { sessions } = lab.deps;
  const { open } = sessions;
  (sessions as { -readonly [Key in keyof NodeSessions]: NodeSessions[Key] }).open = async (...request) => {
    const session = await open(...request);
    return {
      ...session,
      // The lab lets time pass for the node, and this reading of our own clock stays behind.
      diskFacts: async (paths) => ({ ...(await session.diskFacts(paths)), askedAt: lab.clock.now() }),
      runScript: (script) => {
        lab.clock.forward(ms);
        return session.runScript(script);
      },
    };
  };
}

const typed = (at: number) => momentText(timeZone, at).split(' ').slice(0, 2).join(' ');

describe('the restore plan', () => {
  it('of before a deletion takes the backup whose script had ended by then, not the run that had only started', {
    timeout,
  }, async (t) => {
    const lab = await openRoom(t);
    const earlier = await done(lab);
    lab.clock.forward(60 * minute);
    slowStart(lab, 2 * minute);
    const around = await done(lab);
    const deletedAt = (around.startedAt ?? assert.fail()) + minute;
    lab.clock.forward(10 * minute);

    const planned = async (before: string | undefined) => {
      const asked = lab.asked(who.requester);
      const answer = await lab.backups.restorePlan(asked, { what: 'prod-east', zStream: undefined, before });
      assert.ok(answer.outcome === 'restore-plan', JSON.stringify(answer));
      assert.ok(answer.answer.outcome === 'plan');
      const { manifest, rejected } = answer.answer.plan;
      const others = rejected.map((each) => `${each.manifest.runId} ${each.because.kind}`);
      return { chosen: manifest.runId, others, answer };
    };
    const before = await planned(typed(deletedAt));
    assert.deepEqual([before.chosen, before.others], [earlier.id, [`${around.id} may-lack`]]);
    assert.match(before.answer.text, /may lack what was there at that moment/);
    const after = await planned(typed(deletedAt + 5 * minute));
    assert.equal(after.chosen, around.id);
    assert.equal((await planned(undefined)).chosen, around.id);

    const { known, text } = before.answer;
    assert.equal(known?.members?.at, around.etcdMembers?.at);
    assert.deepEqual(known?.members?.answered, ['master-0', 'master-1', 'master-2']);
    assert.match(text, /How to reach it: `the share nas-1`/);
    assert.match(text, /`master-1`, `172\.31\.77\.11`, raft index 208/);

    const odd = async (moment: string) =>
      lab.backups.restorePlan(lab.asked(who.requester), {
        what: 'prod-east',
        zStream: undefined,
        before: moment,
      });
    const none = { outcome: 'no-such-moment', cluster: 'prod-east' };
    assert.deepEqual(await odd('noon'), { ...none, typed: 'noon', ahead: undefined });
    const ahead = await odd(typed(lab.clock.now() + 60 * minute));
    assert.ok(ahead.outcome === 'no-such-moment' && ahead.ahead !== undefined);
  });

  it('names the members that did not answer; a run goes on where none does', { timeout }, async (t) => {
    const lab = await openRoom(t);
    const [node] = lab.lab.plane.nodes;
    await node?.behave({ silentMembers: ['172.31.77.12'], learners: ['172.31.77.10'] });
    const run = await done(lab);
    const manifest = manifestOf(run);
    assert.deepEqual(
      manifest?.etcdMembers?.list.map((each) => [each.node, each.address, each.learner]),
      [
        ['master-0', '172.31.77.10', true],
        ['master-1', '172.31.77.11', false],
        ['master-2', '172.31.77.12', null],
      ],
    );
    const asked = lab.asked(who.requester);
    const answer = await lab.backups.restorePlan(asked, { what: run.id, zStream: undefined });
    assert.ok(answer.outcome === 'restore-plan');
    assert.deepEqual(answer.known?.members?.silent, ['master-2']);
    assert.match(answer.text, /export RECOVERY_HOST=172\.31\.77\.11/, 'the node of the backup is a learner');

    await node?.behave({ silentMembers: 'all' });
    const without = await done(lab);
    const { readAt, list } = manifestOf(without)?.etcdMembers ?? assert.fail();
    assert.deepEqual([without.etcdMembers, readAt], [undefined, null]);
    assert.deepEqual(
      list.map(({ address }) => address),
      ['172.31.77.10', '172.31.77.11', '172.31.77.12'],
    );
    assert.ok(
      lab.log.some(({ level, message }) => level === 'warn' && message === 'members of etcd not read'),
    );
  });
});
