import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { findProgram } from '../../sandbox/node/etcd.ts';
import { etcd35, etcd35Name } from '../support/etcd-programs.ts';
import { need } from '../support/need.ts';
import { type BackupFiles, openRehearsal, type Rehearsal, takeBackup } from '../support/rehearsal.ts';
import { marks, orders } from '../support/rehearsal-marks.ts';

const age = findProgram('age-keygen', process.env.PATH ?? '');
/** maxRaftIndex of the hosts' revision.json, and a fifth of it. */
const bump = 6_000;

const papers = [
  { zStream: '4.16.8', topology: 'HighlyAvailable', bumped: 0 },
  { zStream: '4.20.5', topology: 'HighlyAvailable', bumped: bump },
  { zStream: '4.20.5', topology: 'SingleReplica', bumped: bump },
] as const;

describe('RESTORE.md, followed step by step on simulated hosts', { timeout: 600_000 }, () => {
  let files: BackupFiles | undefined;
  before(async () => {
    const tools = etcd35();
    if (tools && age) files = await takeBackup(tools);
  });
  after(async () => files?.[Symbol.asyncDispose]());

  for (const { zStream, topology, bumped } of papers) {
    describe(`${zStream} ${topology}`, () => {
      let opened: Rehearsal | undefined;
      const rehearsal = () => opened ?? assert.fail('the paper was not followed to its end');

      it('ends with the live keys of the backup, and its revision', async (t) => {
        if (
          !need(t, etcd35Name, etcd35()) ||
          !need(t, 'age with age-keygen', age) ||
          !need(t, 'a backup', files)
        )
          return;
        const found = await openRehearsal(files, zStream, topology);
        const { hosts, steps, follow } = found;
        const { stopped, output } = await follow(steps);
        assert.equal(stopped, undefined, output);
        opened = found;
        const state = await hosts.etcdState('master-0');
        assert.deepEqual(state, { revision: files.state.revision + bumped, keys: files.state.keys });
      });

      it('has no step whose importance is not said', () => {
        const kinds = rehearsal().steps.map(({ step }) => step.kind);
        assert.deepEqual(
          kinds.filter((kind) => !marks[kind]),
          [],
        );
      });

      it('fails without any one of the steps that matter', async (t) => {
        const { steps, follow } = rehearsal();
        for (const [index, { step }] of steps.entries()) {
          if (marks[step.kind]?.presence !== 'matters') continue;
          const { stopped } = await follow(steps.slice(index + 1), index);
          assert.ok(stopped, `without ${step.kind} nothing was noticed`);
          t.diagnostic(`without ${step.kind}: ${stopped}`);
        }
      });

      it('stops the person at each check whose subject is broken', async (t) => {
        const { hosts, steps, followAfter, fileNames } = rehearsal();
        for (const [index, { step }] of steps.entries()) {
          const mark = marks[step.kind];
          if (mark?.presence !== 'check') continue;
          const { at, stopped } = await followAfter(index, () => mark.fault({ hosts, ...fileNames }));
          assert.equal(at?.step.kind, step.kind, stopped);
          t.diagnostic(`broken, before ${stopped}`);
        }
      });

      it('fails with neighbours that changed places, where their order matters', async (t) => {
        const { steps, follow } = rehearsal();
        for (const [index, first] of steps.entries()) {
          const second = steps[index + 1];
          if (!second || !orders[`${first.step.kind} ${second.step.kind}`]) continue;
          const { stopped } = await follow([second, first, ...steps.slice(index + 2)], index);
          assert.ok(stopped, `${second.step.kind} before ${first.step.kind}: nothing was noticed`);
          t.diagnostic(`${second.step.kind} before ${first.step.kind}: ${stopped}`);
        }
      });
    });
  }
});
