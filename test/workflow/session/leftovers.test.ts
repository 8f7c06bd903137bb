import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { NodeSession } from '../../../src/workflow/ports/ports.ts';
import { removeDeadSessions } from '../../../src/workflow/session/leftovers.ts';
import { labPolicy } from '../../support/cluster-lab.ts';
import { fleetOf } from '../../support/policies.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
const never = new AbortController().signal;

describe('session pods at the start of the bot', { timeout }, () => {
  let lab: WorkflowLab;
  let session: NodeSession | undefined;

  before(async () => {
    lab = await openWorkflowLab();
  });
  afterEach(async () => {
    await session?.close();
    await lab.tidy();
  });
  after(() => lab?.[Symbol.asyncDispose]());

  async function openedBy(runId: string, image = ''): Promise<void> {
    session = await lab.lab.sessions.open(lab.lab.policy, { runId, node: 'master-0', image }, never);
    assert.equal(lab.sessionPods().length, 1);
  }

  it('go when the run that made them is over', async () => {
    const run = await lab.approved();
    await openedBy(run.id, run.plan?.sessionImage);
    const input = { runId: run.id, reason: undefined };
    assert.equal((await lab.backups.cancel(lab.asked(who.requester), input)).outcome, 'cancelled');
    await removeDeadSessions(lab.deps, never);
    assert.deepEqual(lab.sessionPods(), []);
    assert.deepEqual(lab.log.at(-1), {
      level: 'info',
      fields: { cluster: 'prod-east', run: run.id },
      message: 'removed the session pod of a run that is over',
    });
  });

  it('stay while their run goes on', async () => {
    const run = await lab.approved();
    await openedBy(run.id, run.plan?.sessionImage);
    await removeDeadSessions(lab.deps, never);
    assert.equal(lab.sessionPods().length, 1);
  });

  it('stay when no record of ours knows their run', async () => {
    await openedBy('r-foreigna', (await lab.approved()).plan?.sessionImage);
    await removeDeadSessions(lab.deps, never);
    assert.equal(lab.sessionPods().length, 1);
  });

  it('are left for the next run of a cluster that does not answer, in one line of the log', async () => {
    const run = await lab.approved();
    await openedBy(run.id, run.plan?.sessionImage);
    const input = { runId: run.id, reason: undefined };
    await lab.backups.cancel(lab.asked(who.requester), input);
    const lines = lab.log.length;
    const endFault = lab.lab.cluster.faults.add({
      kind: 'status',
      code: 503,
      match: ({ resource }) => resource === 'pods',
    });
    await removeDeadSessions(lab.deps, never);
    endFault();
    assert.equal(lab.sessionPods().length, 1);
    assert.deepEqual(
      lab.log.slice(lines).map(({ level, message }) => `${level} ${message}`),
      ['warn could not look for dead sessions'],
    );
  });

  it('are asked for of few clusters of a large fleet at a time, and of no more once the bot stops', async () => {
    const policies = Array.from({ length: 100 }, (_, at) => labPolicy({ name: `cluster-${at}` }));
    const answers = Promise.withResolvers<undefined>();
    const full = Promise.withResolvers<void>();
    let asked = 0;
    const holder = () => {
      asked += 1;
      if (asked === 32) full.resolve();
      return answers.promise;
    };
    const deps = {
      ...lab.deps,
      fleet: fleetOf(policies, []),
      sessions: { ...lab.deps.sessions, holder },
    };
    const lines = lab.log.length;
    const stop = new AbortController();
    const removing = removeDeadSessions(deps, stop.signal);
    await full.promise;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked, 32);
    stop.abort();
    answers.resolve(undefined);
    await removing;
    assert.equal(asked, 32);
    assert.equal(lab.log.length, lines, 'a stop is no trouble');
  });
});
