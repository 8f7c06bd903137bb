import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createClusterReader } from '../../../src/openshift/facts/cluster-reader.ts';
import { readinessNow } from '../../../src/workflow/answers/readiness.ts';
import { recordObservation } from '../../../src/workflow/watch/record-observation.ts';
import { connectionToUrl } from '../../support/connection.ts';
import { hourMs, minuteMs, openWatchLab } from '../../support/watch-lab.ts';
import { until } from '../../support/workflow-lab.ts';

const timeout = 300_000;

describe('a cluster without a backup', { timeout }, () => {
  it('is reminded of once, with what preflight says now, however often it is observed', async () => {
    await using watch = await openWatchLab();
    watch.watch();
    const { reminder } = await watch.seen((each) => each.reminder?.findings !== undefined);
    await watch.moreLooks(5);
    assert.equal(reminder?.to.version, '4.16.8');
    assert.equal(reminder?.from, undefined);
    assert.ok(reminder?.findings?.some(({ code }) => code === 'node.chosen'));
    assert.ok(reminder?.findings?.every(({ code }) => !code.startsWith('requester')));
    assert.deepEqual(await watch.notices(), [{ kind: 'reminder', id: reminder?.id }]);
    assert.deepEqual(await watch.events(), ['first-seen', 'reminder']);
  });

  it('is reminded of by the next bot when the first one ended before it had looked', async () => {
    await using watch = await openWatchLab();
    const { policy } = watch.lab.lab;
    const reading = await watch.deps.clusters.version(policy);
    const opened = await recordObservation(watch.deps, policy, { reading });
    assert.equal(opened?.reminder?.findings, undefined);
    assert.deepEqual(await watch.notices(), []);
    watch.watch();
    const { reminder } = await watch.seen((each) => each.reminder?.findings !== undefined);
    await watch.moreLooks(2);
    assert.equal(reminder?.id, opened?.reminder?.id);
    assert.deepEqual(await watch.notices(), [{ kind: 'reminder', id: reminder?.id }]);
  });

  it('is not reminded of again by a bot that starts in mid-reminder', async () => {
    await using watch = await openWatchLab();
    const first = watch.watch();
    const before = await watch.seen((each) => each.reminder?.findings !== undefined);
    assert.equal((await watch.notices()).length, 1);
    await first.stop();
    watch.watch();
    await watch.moreLooks(5);
    assert.deepEqual((await watch.state())?.reminder, before.reminder);
    assert.deepEqual(await watch.notices(), []);
    assert.deepEqual(await watch.events(), ['first-seen', 'reminder']);
  });

  it('is reminded of later when its API refuses the whole reading at first', async () => {
    await using watch = await openWatchLab();
    let asked = 0;
    const repair = watch.lab.lab.cluster.faults.add({
      kind: 'status',
      code: 503,
      // The look itself gets through, the reading after it does not: its own question for the version is the second.
      match: ({ resource }) => resource === 'clusterversions' && ++asked % 2 === 0 && asked <= 4,
    });
    watch.watch();
    await watch.seen((each) => each.reminder !== undefined);
    await until(async () => asked > 4);
    repair();
    await watch.seen((each) => each.reminder?.findings !== undefined);
    assert.equal((await watch.notices()).length, 1);
  });

  it('is reminded of without what preflight says when that cannot be read, and edited as soon as it can', async () => {
    await using watch = await openWatchLab();
    const { clusters } = watch.deps;
    let broken = true;
    const facts: typeof clusters.facts = (cluster) => {
      if (broken) throw new Error('an unexpected answer');
      return clusters.facts(cluster);
    };
    watch.watch({}, { clusters: { ...clusters, facts } });
    const { reminder } = await watch.seen((each) => each.reminder?.checkedAt !== undefined);
    await watch.moreLooks(5);
    assert.equal(reminder?.findings, undefined);
    assert.deepEqual(await watch.notices(), [{ kind: 'reminder', id: reminder?.id }]);
    watch.lab.clock.forward(4 * hourMs + minuteMs);
    await watch.seen((each) => each.reminder?.repeats === 1);
    assert.deepEqual(await watch.notices(), [{ kind: 'nag', id: reminder?.id, nag: 1 }]);
    broken = false;
    await watch.seen((each) => each.reminder?.findings !== undefined);
    assert.deepEqual(await watch.notices(), [{ kind: 'reminder', id: reminder?.id }]);
    assert.deepEqual(await watch.events(), ['first-seen', 'reminder', 'reminder-repeated']);
  });

  it('is looked at while the reading before a due reminder takes its time; the reminder waits for it', async () => {
    await using watch = await openWatchLab();
    const { clusters } = watch.deps;
    let slow: Promise<void> | undefined;
    const facts: typeof clusters.facts = async (cluster) => {
      await slow;
      return clusters.facts(cluster);
    };
    const watcher = watch.watch({}, { clusters: { ...clusters, facts } });
    const { reminder } = await watch.seen((each) => each.reminder?.findings !== undefined);
    await watch.notices();
    const { promise, resolve } = Promise.withResolvers<void>();
    slow = promise;
    watch.lab.clock.forward(4 * hourMs + minuteMs);
    await watch.moreLooks(3);
    watcher.wake();
    watch.lab.lab.cluster.upgrade.request('4.16.9');
    await watch.seen((each) => each.seen?.requested?.version === '4.16.9');
    const { reminder: waits } = (await watch.state()) ?? assert.fail();
    assert.equal(waits?.repeats, 0);
    resolve();
    await watch.seen((each) => each.reminder?.repeats === 1);
    const repeats = (await watch.notices()).filter(({ kind }) => kind === 'nag');
    assert.deepEqual(repeats, [{ kind: 'nag', id: reminder?.id, nag: 1 }]);
  });

  it('is reminded of again when it is due, by findings that are read again', async () => {
    await using watch = await openWatchLab();
    watch.watch();
    const { reminder } = await watch.seen((each) => each.reminder?.findings !== undefined);
    await watch.notices();
    watch.lab.lab.cluster.objects.setCondition('clusteroperators', 'etcd', {
      type: 'Degraded',
      status: 'True',
    });
    watch.lab.clock.forward(4 * hourMs + minuteMs);
    const after = await watch.seen((each) => each.reminder?.repeats === 1);
    await watch.moreLooks(3);
    assert.ok(after.reminder?.findings?.some(({ code }) => code === 'operator.degraded'));
    const id = reminder?.id;
    assert.deepEqual(await watch.notices(), [
      { kind: 'reminder', id },
      { kind: 'nag', id, nag: 1 },
    ]);
  });

  it('is done with as soon as a backup is proven, without another look at the cluster', async () => {
    await using watch = await openWatchLab();
    const watcher = watch.watch({ everyMs: 24 * hourMs });
    const { reminder } = await watch.seen((each) => each.reminder?.findings !== undefined);
    await watch.lab.approved();
    const run = await watch.lab.turn();
    assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
    await watch.notices();
    const looks = watch.looks();
    watcher.wake();
    const { reminder: done } = await watch.seen((each) => each.reminder?.end !== undefined);
    assert.equal(watch.looks(), looks);
    assert.equal(done?.end?.kind === 'resolved' && done.end.runId, run.id);
    assert.deepEqual(await watch.notices(), [{ kind: 'reminder', id: reminder?.id }]);
    assert.deepEqual(await watch.events(), ['first-seen', 'reminder', 'reminder-resolved']);
  });
});

describe('an update', { timeout }, () => {
  it('raises one alarm when it is asked for, follows it, and brings a reminder when it is over', async () => {
    await using watch = await openWatchLab();
    const { upgrade } = watch.lab.lab.cluster;
    watch.watch();
    await watch.seen((each) => each.reminder?.findings !== undefined);

    await watch.notices();
    upgrade.request('4.16.9');
    const { alarm } = await watch.seen((each) => each.alarm !== undefined);
    const id = alarm?.id ?? assert.fail();
    assert.deepEqual(
      [alarm?.phase, alarm?.from.version, alarm?.to.version],
      ['requested', '4.16.8', '4.16.9'],
    );
    await watch.moreLooks(3);
    assert.deepEqual(await watch.notices(), [{ kind: 'alarm', id }]);
    upgrade.begin();
    await watch.seen((each) => each.alarm?.phase === 'begun');
    await watch.moreLooks(3);
    assert.deepEqual(
      (await watch.notices()).filter(({ kind }) => kind === 'alarm'),
      [{ kind: 'alarm', id }],
    );
    await upgrade.restartApi();
    upgrade.finish();
    const { reminder, alarm: over } = await watch.seen(
      (each) => each.reminder?.to.version === '4.16.9' && each.reminder.findings !== undefined,
    );
    await watch.moreLooks(3);

    assert.deepEqual([over?.id, over?.end?.kind, reminder?.from?.version], [id, 'update-over', '4.16.8']);
    assert.ok(
      reminder?.findings?.some(({ code }) => code === 'pools.updating'),
      'worker pools lag: said',
    );
    assert.deepEqual(
      (await watch.events()).filter((kind) => !['first-seen', 'unreachable', 'reachable'].includes(kind)),
      [
        'reminder',
        'update-requested',
        'update-alarm',
        'update-begun',
        'reminder-superseded',
        'upgrade-finished',
        'reminder',
      ],
    );
    assert.deepEqual(await watch.notices(), [
      { kind: 'alarm', id },
      { kind: 'reminder', id: reminder?.id },
    ]);
  });

  it('that arrives with an operator unwell ends its alarm and brings a reminder that names the operator', async () => {
    await using watch = await openWatchLab();
    const { upgrade } = watch.lab.lab.cluster;
    upgrade.becomesUnwell('monitoring');
    watch.watch();
    const { reminder: first } = await watch.seen((each) => each.reminder?.findings !== undefined);
    const findings = first?.findings ?? [];
    assert.ok(findings.some(({ code }) => code === 'version.operators-unwell'));
    assert.deepEqual(
      findings.filter(({ outcome }) => outcome === 'blocker'),
      [],
    );
    upgrade.request('4.16.9');
    upgrade.hold();
    const { alarm: held } = await watch.seen((each) => each.alarm?.refusal !== undefined);
    assert.match(held?.refusal ?? '', /^Preconditions failed .*no recent backup$/);
    upgrade.begin();
    await watch.seen((each) => each.alarm?.phase === 'begun');
    upgrade.finish();
    const { reminder, alarm } = await watch.seen(
      (each) => each.reminder?.to.version === '4.16.9' && each.reminder.findings !== undefined,
    );
    assert.deepEqual([alarm?.id, alarm?.end?.kind, alarm?.refusal], [held?.id, 'update-over', undefined]);
    assert.ok(reminder?.findings?.some(({ code }) => code === 'version.operators-unwell'));
  });

  it('that is sent to a third release is not called off: one alarm gives way to the next', async () => {
    await using watch = await openWatchLab();
    const { upgrade } = watch.lab.lab.cluster;
    watch.watch();
    await watch.seen((each) => each.reminder?.findings !== undefined);
    upgrade.request('4.16.9');
    upgrade.begin();
    await watch.seen((each) => each.alarm?.phase === 'begun');
    upgrade.request('4.16.10');
    upgrade.begin();
    const { alarm, earlier } = await watch.seen((each) => each.alarm?.to.version === '4.16.10');
    const ended = earlier.find((each) => each.kind === 'alarm');
    assert.equal(ended?.kind === 'alarm' && ended.alarm.end?.kind, 'redirected');
    assert.deepEqual([alarm?.phase, alarm?.from.version, alarm?.end], ['begun', '4.16.8', undefined]);
  });

  it('that came and went while no bot ran is noticed by the next one', async () => {
    await using watch = await openWatchLab();
    const { upgrade } = watch.lab.lab.cluster;
    const first = watch.watch();
    await watch.seen((each) => each.reminder?.findings !== undefined);
    await first.stop();
    upgrade.request('4.16.9');
    upgrade.begin();
    upgrade.finish();
    watch.watch();
    const { reminder } = await watch.seen((each) => each.reminder?.to.version === '4.16.9');
    assert.equal(reminder?.from?.version, '4.16.8');
  });
});

describe('a cluster that does not answer', { timeout }, () => {
  it('causes no event while its API restarts, and one when it stays unreachable', async () => {
    await using watch = await openWatchLab();
    watch.watch();
    await watch.seen((each) => each.reminder?.findings !== undefined);
    const repair = watch.lab.lab.cluster.faults.add({ kind: 'reset', match: () => true });
    await watch.seen((each) => each.silent !== undefined);
    await watch.moreLooks(3);
    assert.deepEqual(await watch.events(), ['first-seen', 'reminder']);
    watch.lab.clock.forward(6 * minuteMs);
    await until(async () => (await watch.events()).includes('unreachable'));
    await watch.moreLooks(3);
    repair();
    await watch.seen((each) => each.silent === undefined);
    assert.deepEqual(await watch.events(), ['first-seen', 'reminder', 'unreachable', 'reachable']);
    assert.deepEqual(
      watch.lab.log
        .filter(({ fields }) => 'cluster' in fields)
        .map(({ level, message }) => `${level} ${message}`),
      [
        'warn the version of the cluster could not be read; trying again',
        'info the version of the cluster can be read again',
      ],
    );
  });
});

describe('a cluster that hangs', { timeout }, () => {
  it('does not slow the others, even with one way out for all', async (t) => {
    await using watch = await openWatchLab({ clusters: [{ name: 'hangs' }] });
    const frozen = await silentServer(t);
    const hanging = await connectionToUrl(t, { url: frozen.url, caPem: watch.lab.lab.cluster.caPem }, 4_000);
    const connections = [watch.lab.lab.connection, { ...hanging, cluster: 'hangs' }];
    const clusters = createClusterReader(connections, watch.lab.clock);
    t.after(() => clusters.close());
    watch.watch({ atOnce: 1 }, { clusters });
    await watch.seen(({ silent }) => silent?.why.reason === 'timeout', 'hangs');
    // From here on it is asked beside the others: they have many turns within one of its deadlines.
    const asked = frozen.connections();
    await until(async () => frozen.connections() > asked);
    const before = watch.looks();
    const next = frozen.connections();
    await until(async () => frozen.connections() > next);
    assert.ok(watch.looks() - before > 3, `${watch.looks() - before} looks while the other one hung`);
  });
});

describe('a cluster with a hosted control plane', { timeout }, () => {
  const schedule = { cron: '* * * * *', jitterMs: 0, approval: 'auto' } as const;

  it('is neither reminded of nor scheduled, is asked once what it is, and the next bot knows it', async () => {
    await using watch = await openWatchLab({ topology: 'External', policy: { schedule } });
    const { cluster } = watch.lab.lab;
    const questions = () =>
      cluster.requests.filter(({ verb, resource }) => `${verb} ${resource}` === 'get infrastructures').length;
    const first = watch.watch();
    await watch.seen((each) => each.topology === 'External');
    watch.lab.clock.forward(2 * hourMs);
    await watch.moreLooks(5);
    await first.stop();
    const asked = questions();
    assert.equal(asked, 1);
    assert.deepEqual(await watch.events(), ['first-seen']);
    assert.deepEqual(await watch.notices(), []);
    assert.deepEqual(await watch.lab.records.runs({ limit: 5 }), []);
    const { policy } = watch.lab.lab;
    const readiness = await readinessNow(watch.deps, policy);
    assert.deepEqual(
      readiness.reasons.map(({ kind }) => kind),
      ['elsewhere'],
    );
    assert.equal(questions(), asked, 'the records know it');
  });

  it('loses the reminder that an earlier release of the bot opened for it', async () => {
    await using watch = await openWatchLab({ topology: 'External' });
    const { policy } = watch.lab.lab;
    const reading = await watch.deps.clusters.version(policy);
    await recordObservation(watch.deps, policy, { reading });
    await recordObservation(watch.deps, policy, { findings: { findings: [], previewBackups: undefined } });
    assert.deepEqual(
      (await watch.notices()).map(({ kind }) => kind),
      ['reminder'],
    );
    watch.watch();
    const { reminder } = await watch.seen((each) => each.reminder?.end !== undefined);
    assert.deepEqual(reminder?.end?.kind, 'elsewhere');
    await watch.moreLooks(3);
    assert.deepEqual(
      (await watch.notices()).map(({ kind }) => kind),
      ['reminder'],
    );
    assert.equal((await watch.events()).at(-1), 'reminder-elsewhere');
  });
});

describe('a cluster that uses the preview backup API', { timeout }, () => {
  it('is asked for that once, and the next bot knows it from the records', async () => {
    await using watch = await openWatchLab({ previewApi: true });
    const { cluster } = watch.lab.lab;
    await watch.lab.approved();
    assert.equal((await watch.lab.turn())?.status, 'succeeded');
    cluster.objects.put({
      apiVersion: 'config.openshift.io/v1alpha1',
      kind: 'Backup',
      metadata: { name: 'nightly' },
    });
    const questions = () =>
      cluster.requests.filter(({ verb, resource }) => `${verb} ${resource}` === 'list backups').length;
    const before = questions();
    const first = watch.watch();
    const covered = await watch.seen((each) => each.previewBackups !== undefined);
    assert.deepEqual([covered.previewBackups, covered.reminder], [true, undefined]);
    await watch.moreLooks(5);
    await first.stop();
    assert.equal(questions(), before + 1);
    watch.watch();
    await watch.moreLooks(5);
    assert.equal((await watch.state())?.previewBackups, true);
    assert.equal(questions(), before + 1);
  });
});

describe('a watcher', { timeout }, () => {
  it('goes on when a look fails in an unexpected way, and says so once', async () => {
    await using watch = await openWatchLab({ clusters: [{ name: 'lost' }], unwired: ['lost'] });
    watch.watch();
    await watch.seen((each) => each.reminder?.findings !== undefined);
    await watch.moreLooks(5);
    const lines = watch.lab.log.filter(({ fields }) => 'cluster' in fields && fields.cluster === 'lost');
    assert.deepEqual(
      lines.map(({ level, message }) => `${level} ${message}`),
      ['error watching the cluster failed; trying again'],
    );
  });

  it('says once that whole readings fail, although the looks between them succeed', async () => {
    await using watch = await openWatchLab();
    const { clusters } = watch.deps;
    let readings = 0;
    const facts: typeof clusters.facts = async (cluster) => {
      if (++readings <= 3) throw new Error('an unexpected answer');
      return clusters.facts(cluster);
    };
    watch.watch({}, { clusters: { ...clusters, facts } });
    await until(async () => {
      watch.lab.clock.forward(4 * hourMs + minuteMs);
      return readings > 3;
    });
    const said = () =>
      watch.lab.log.map(({ level, fields, message }) => ({
        level,
        message,
        work: 'work' in fields && fields.work,
      }));
    await until(async () => said().length > 1);
    await watch.moreLooks(5);
    assert.deepEqual(said(), [
      { level: 'error', message: 'watching the cluster failed; trying again', work: 'full reading' },
      { level: 'info', message: 'watching the cluster succeeds again', work: 'full reading' },
    ]);
  });

  it('stops at once although a cluster hangs, and writes nothing any more', async () => {
    await using watch = await openWatchLab();
    const watcher = watch.watch();
    await watch.seen((each) => each.reminder?.findings !== undefined);
    const { promise: hung, resolve: hangs } = Promise.withResolvers<void>();
    watch.lab.lab.cluster.faults.add({
      kind: 'freeze',
      match: () => {
        hangs();
        return true;
      },
    });
    await hung;
    const looked = watch.deps.clusters.version(watch.lab.lab.policy);
    const before = await watch.state();
    await watcher.stop();
    assert.ok(watcher.lastTurn());
    // The look under way is the one that the watcher left behind: it ends at its deadline.
    const late = await Promise.race([looked.then(() => 'over'), watcher.stop().then(() => 'stopped')]);
    assert.equal(late, 'stopped');
    assert.equal((await looked).ok, false);
    assert.deepEqual(await watch.state(), before);
  });

  it('asks a cluster at most twice a minute at rest', async () => {
    await using watch = await openWatchLab();
    const slept: number[] = [];
    const { clock } = watch.deps;
    const sleep: typeof clock.sleep = async (ms, signal) => {
      slept.push(ms);
      await clock.sleep(ms >= 1_000 ? 10 : ms, signal);
    };
    watch.watch({ everyMs: 30_000 }, { clock: { ...clock, sleep } });
    await watch.moreLooks(5);
    const pauses = slept.filter((ms) => ms >= 1_000);
    assert.ok(
      pauses.every((ms) => ms >= 30_000 && ms <= 36_000),
      pauses.join(' '),
    );
    assert.ok(new Set(pauses).size > 1, 'no two clusters keep step');
  });
});

/** Takes connections and never says a word. */
async function silentServer(t: TestContext) {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, connections: () => connections };
}

describe('a schedule', { timeout }, () => {
  it('asks for a run in the turn after its time, once', async () => {
    const schedule = { cron: '0 3 * * *', jitterMs: 0, approval: 'ask' } as const;
    await using watch = await openWatchLab({ policy: { schedule } });
    watch.watch();
    const planned = await watch.seen((each) => each.schedule?.next !== undefined);
    const next = planned.schedule?.next ?? assert.fail();
    watch.lab.clock.forward(next.startAt - watch.lab.clock.now() + 1_000);
    await watch.seen((each) => each.schedule?.openRun !== undefined);
    await watch.moreLooks(3);
    const runs = await watch.lab.records.runs({ limit: 10 });
    assert.deepEqual(
      runs.map(({ origin, requester, status }) => ({ ...origin, ...requester, status })),
      [{ kind: 'schedule', slackUser: 'UBOT', clusterUser: 'schedule', status: 'requested' }],
    );
    const events = await watch.events();
    assert.equal(events.filter((kind) => kind === 'schedule-run').length, 1);
  });
});
