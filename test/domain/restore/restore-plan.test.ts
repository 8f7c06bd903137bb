import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { RestoreNeed } from '../../../src/domain/restore/restore-choice.ts';
import { type RestorePlan, restorePlan } from '../../../src/domain/restore/restore-plan.ts';
import { chapterOf, isNewerThanKnown, procedureOf } from '../../../src/domain/restore/restore-procedure.ts';
import { aManifest, anotherManifest, dayMs, startedAt } from '../../support/manifests.ts';

const need: RestoreNeed = {
  zStream: '4.16.8',
  clusterId: undefined,
  runId: undefined,
  now: startedAt + dayMs,
};

function planOf(
  manifests: Parameters<typeof restorePlan>[0],
  change: Partial<RestoreNeed> = {},
): RestorePlan {
  const answer = restorePlan(manifests, { ...need, ...change });
  assert.ok(answer.outcome === 'plan', 'no backup was chosen');
  return answer.plan;
}

const kinds = (plan: RestorePlan) => plan.steps.map(({ kind }) => kind);
const reasons = (plan: { rejected: RestorePlan['rejected'] }) =>
  plan.rejected.map(({ manifest, because }) => `${manifest.runId} ${because.kind}`);

test('the newest proven backup of exactly the same z-stream, and why not the others', () => {
  // Newest first by the records' order; what the dates say is another matter.
  const manifests = [
    anotherManifest({ runId: 'r-next0000', at: startedAt + 3000, zStream: '4.16.9' }),
    anotherManifest({ runId: 'r-torn0000', at: startedAt + 2000, proven: [] }),
    anotherManifest({ runId: 'r-half0000', at: startedAt + 1000, proven: ['snapshot'] }),
    anotherManifest({ runId: 'r-right000' }),
    anotherManifest({ runId: 'r-older000', at: startedAt + 500 }),
  ];
  const plan = planOf(manifests);
  assert.equal(plan.manifest.runId, 'r-right000');
  assert.deepEqual(reasons(plan), [
    'r-next0000 other-z-stream',
    'r-torn0000 not-proven',
    'r-half0000 not-proven',
    'r-older000 older',
  ]);
  assert.deepEqual(plan.rejected[2]?.because, { kind: 'not-proven', files: ['resources'] });
});

test('one that a drill has disproved is passed over, never proposed, and planned with a warning by its name', () => {
  const drill = {
    at: '2026-11-24T06:00:00Z',
    ok: false,
    revision: null,
    keys: null,
    why: 'no keys',
    disproven: true,
  };
  const bad = { ...anotherManifest({ runId: 'r-bad00000', at: startedAt + 1000 }), drill };
  const older = anotherManifest({ runId: 'r-older000', at: startedAt - dayMs });
  const oldest = anotherManifest({ runId: 'r-oldest00', at: startedAt - 2 * dayMs });
  const plan = planOf([bad, older, oldest]);
  assert.equal(plan.manifest.runId, 'r-older000');
  assert.deepEqual(reasons(plan), ['r-bad00000 disproven', 'r-oldest00 older']);
  assert.ok(plan.warnings.every(({ kind }) => kind !== 'disproven'));
  const last = restorePlan([bad], need);
  assert.ok(last.outcome === 'none', 'it was proposed');
  assert.deepEqual([last.nearest?.manifest.runId, last.nearest?.because.kind], ['r-bad00000', 'disproven']);
  const named = planOf([bad, older], { runId: 'r-bad00000' });
  assert.deepEqual([named.manifest.runId, named.warnings[0]?.kind], ['r-bad00000', 'disproven']);
});

const abandoned = {
  id: 'prod-east/restored@1',
  restoredFrom: 'r-right000',
  restoredAt: '2026-11-23T09:00:00.000Z',
  marked: '2026-11-23T09:05:00.000Z',
  by: { slackUser: 'U0', clusterUser: 'requester' },
};

test('one of a time line that the cluster left is offered by its name alone, and with a warning', () => {
  const left = { ...anotherManifest({ runId: 'r-left0000', at: startedAt + 2000 }), abandoned };
  const right = anotherManifest({ runId: 'r-right000' });
  const plan = planOf([left, right]);
  assert.equal(plan.manifest.runId, 'r-right000');
  assert.deepEqual(reasons(plan), ['r-left0000 abandoned']);
  assert.ok(!plan.warnings.some(({ kind }) => kind === 'abandoned'));
  const alone = restorePlan([left], need);
  assert.ok(alone.outcome === 'none', 'not even where there is no other');
  assert.deepEqual([alone.nearest?.manifest.runId, alone.nearest?.because.kind], ['r-left0000', 'abandoned']);
  const named = planOf([left, right], { runId: 'r-left0000' });
  assert.equal(named.manifest.runId, 'r-left0000');
  assert.deepEqual(
    named.warnings.find(({ kind }) => kind === 'abandoned'),
    { kind: 'abandoned', restoredFrom: 'r-right000', at: '2026-11-23T09:00:00.000Z' },
  );
});

test('one with a date that has not come yet is passed over, and taken with a warning where there is no other', () => {
  const ahead = anotherManifest({ runId: 'r-ahead000', at: need.now + dayMs });
  const older = anotherManifest({ runId: 'r-older000' });
  const plan = planOf([ahead, older]);
  assert.equal(plan.manifest.runId, 'r-older000');
  assert.deepEqual(reasons(plan), ['r-ahead000 date-ahead']);
  const last = planOf([ahead]);
  assert.deepEqual(
    [last.manifest.runId, last.warnings[0]],
    ['r-ahead000', { kind: 'date-ahead', at: ahead.times.started }],
  );
  assert.equal(planOf([ahead, older], { now: need.now + 2 * dayMs }).manifest.runId, 'r-ahead000');
});

test('none: nothing of this z-stream is proven', () => {
  const half = anotherManifest({ runId: 'r-half0000', proven: ['resources'] });
  const answer = restorePlan([half, anotherManifest({ runId: 'r-other000', zStream: '4.16.7' })], need);
  assert.equal(answer.outcome, 'none');
  assert.deepEqual(
    reasons(answer as never),
    ['r-other000 other-z-stream', 'r-half0000 not-proven'].sort((a) => (a.includes('half') ? -1 : 1)),
  );
  assert.equal(restorePlan([], need).outcome, 'none');
});

test('one that was asked for by name must qualify as well', () => {
  const manifests = [
    anotherManifest({ runId: 'r-older000', at: startedAt - dayMs }),
    anotherManifest({ runId: 'r-right000' }),
  ];
  const plan = planOf(manifests, { runId: 'r-older000' });
  assert.equal(plan.manifest.runId, 'r-older000');
  assert.deepEqual(reasons(plan), ['r-right000 not-asked-for']);
  const half = anotherManifest({ runId: 'r-half0000', proven: ['snapshot'] });
  assert.equal(restorePlan([half], { ...need, runId: 'r-half0000' }).outcome, 'none');
});

test('a cluster that was installed again under the same name is another one', () => {
  const answer = restorePlan([aManifest()], { ...need, clusterId: '00000000-0000-4000-8000-000000000000' });
  assert.deepEqual(reasons(answer as never), ['r-abcdefgh other-cluster']);
});

test('an unknown z-stream: the newest proven, with a warning that names the others', () => {
  const other = anotherManifest({ runId: 'r-other000', zStream: '4.15.3', at: startedAt - dayMs });
  const plan = planOf([aManifest(), other], { zStream: undefined });
  assert.deepEqual(plan.warnings[0], { kind: 'z-stream-unknown', zStream: '4.16.8', others: ['4.15.3'] });
});

test('signers that have expired since the backup are named; what had expired before says nothing', () => {
  assert.deepEqual(planOf([aManifest()]).warnings, []);
  const after40 = planOf([aManifest()], { now: startedAt + 40 * dayMs }).warnings;
  assert.deepEqual(after40, [
    {
      kind: 'signer-expired',
      bundle: 'csr-controller-ca',
      all: false,
      certificates: [{ subject: 'OU=openshift, CN=csr-controller-ca_20', notAfter: '2026-12-13T06:14:44Z' }],
    },
    {
      kind: 'signer-expired',
      bundle: 'kube-apiserver-aggregator-client-ca',
      all: true,
      certificates: [
        {
          subject: 'OU=openshift, CN=kube-apiserver-aggregator-client-ca_30',
          notAfter: '2026-12-23T06:14:44Z',
        },
      ],
    },
  ]);
  const unread = aManifest({
    signers: [{ bundle: 'csr-controller-ca', certificates: [], unreadable: 'forbidden' }],
  });
  assert.deepEqual(planOf([unread]).warnings, [{ kind: 'signers-unknown', bundles: ['csr-controller-ca'] }]);
  assert.deepEqual(planOf([aManifest({ signers: [] })]).warnings, [{ kind: 'signers-unknown', bundles: [] }]);
});

test('each release and topology has its own procedure', () => {
  const of = (zStream: string, topology: string) => procedureOf(zStream, topology);
  assert.equal(of('4.6.0', 'HighlyAvailable'), 'several-nodes-by-hand');
  assert.equal(of('4.17.99', 'HighlyAvailable'), 'several-nodes-by-hand');
  assert.equal(of('4.18.0', 'HighlyAvailable'), 'several-nodes');
  assert.equal(of('4.20.3', 'HighlyAvailableArbiter'), 'several-nodes');
  assert.equal(of('4.17.1', 'SingleReplica'), 'single-node-by-hand');
  assert.equal(of('4.18.1', 'SingleReplica'), 'single-node');
  assert.equal(of('4.21.1', 'DualReplica'), 'fencing-not-documented');
  assert.equal(of('4.22.1', 'DualReplica'), 'two-nodes-with-fencing');
  for (const [zStream, topology] of [
    ['4.16.8', 'External'],
    ['4.16.8', 'Later'],
    ['4.5.41', 'HighlyAvailable'],
    ['5.1.0', 'HighlyAvailable'],
    ['4.16', 'HighlyAvailable'],
  ])
    assert.equal(of(zStream ?? '', topology ?? ''), 'unknown');
  assert.ok(isNewerThanKnown('4.23.0') && isNewerThanKnown('5.0.0') && !isNewerThanKnown('4.22.9'));
});

test('the chapter is named by its title in that release', () => {
  const title = (zStream: string, topology: string) =>
    chapterOf(zStream, procedureOf(zStream, topology)).title;
  assert.equal(title('4.16.8', 'HighlyAvailable'), 'Restoring to a previous cluster state');
  assert.equal(title('4.16.8', 'SingleReplica'), 'Restoring to a previous cluster state');
  assert.equal(
    title('4.18.1', 'HighlyAvailable'),
    'Restoring to a previous cluster state for more than one node',
  );
  assert.equal(title('4.18.1', 'SingleReplica'), 'Restoring to a previous cluster state for a single node');
  assert.equal(
    title('4.22.0', 'DualReplica'),
    'Restoring to an earlier cluster state for more than one node',
  );
});

test('steps of the files come first and are the same everywhere; the cluster’s own differ', () => {
  const files = [
    'room',
    'fetch',
    'fetch',
    'decrypt',
    'digests',
    'trailer',
    'archive',
    'recovery-host',
    'place',
  ];
  const own = (zStream: string, topology: string) => {
    const plan = planOf([anotherManifest({ runId: 'r-right000', zStream, topology })], { zStream });
    assert.deepEqual(kinds(plan).slice(0, files.length), files);
    assert.equal(kinds(plan).at(-1), 'tidy');
    return kinds(plan).slice(files.length, -1).join(' ');
  };
  const restart = 'restore kubelet-certificates kubelets requests single-member';
  const redeploy = 'redeploy etcd-rollout rollouts';
  const guarded = 'guard-off redeploy guard-on etcd-rollout rollouts';
  assert.equal(
    own('4.6.61', 'HighlyAvailable'),
    `obstacles stop-others ${restart} ${redeploy} members restart-pods`,
  );
  assert.equal(
    own('4.8.57', 'HighlyAvailable'),
    `obstacles stop-others ${restart} machines login ${redeploy} members restart-pods`,
  );
  assert.equal(
    own('4.12.80', 'HighlyAvailable'),
    `obstacles stop-others keepalived ${restart} delete-nodes webhooks ovn-wait ovn-master machines ${guarded} keepalived-back members webhooks-back restart-pods`,
  );
  assert.equal(
    own('4.14.50', 'HighlyAvailable'),
    `obstacles stop-others keepalived ${restart} webhooks ovn-control-plane ovn-nodes machines ${guarded} keepalived-back members webhooks-back restart-pods`,
  );
  assert.equal(
    own('4.16.8', 'HighlyAvailable'),
    `obstacles stop-others keepalived ${restart} webhooks ovn-control-plane ovn-nodes ${guarded} keepalived-back members webhooks-back stable restart-nodes`,
  );
  assert.equal(
    own('4.16.8', 'SingleReplica'),
    `obstacles ${restart} webhooks ovn-control-plane ovn-nodes ${redeploy} members webhooks-back stable restart-nodes`,
  );
  assert.equal(
    own('4.18.8', 'HighlyAvailable'),
    'obstacles disable-etcd restore guard-off stable guard-on members',
  );
  assert.equal(own('4.19.8', 'SingleReplica'), 'obstacles restore stable members');
  assert.equal(own('4.22.1', 'DualReplica'), 'disable-etcd restore fencing-peer stable');
  assert.equal(own('4.21.1', 'DualReplica'), 'chapter');
  assert.equal(own('5.1.0', 'HighlyAvailable'), 'chapter');
});

test('fencing before 4.22 gets no command for the cluster, and with fencing the quorum guard is never touched', () => {
  const all = (zStream: string) =>
    planOf([anotherManifest({ runId: 'r-right000', zStream, topology: 'DualReplica' })], { zStream })
      .steps.flatMap(({ commands }) => commands)
      .join('\n');
  assert.doesNotMatch(all('4.20.1'), /cluster-restore|disable-etcd|oc patch/);
  assert.match(all('4.22.1'), /cluster-restore/);
  assert.doesNotMatch(all('4.22.1'), /unsupportedConfigOverrides/);
});

test('no step belongs to another release: what a line does not know is not printed for it', () => {
  const all = (zStream: string) =>
    planOf([anotherManifest({ runId: 'r-right000', zStream })], { zStream })
      .steps.flatMap(({ commands }) => commands)
      .join('\n');
  for (const minor of [6, 7, 8, 9]) assert.doesNotMatch(all(`4.${minor}.30`), /wait-for-stable-cluster/);
  for (const minor of [6, 7, 8]) assert.doesNotMatch(all(`4.${minor}.30`), /ovn/);
  for (const minor of [9, 10, 11, 12, 13]) {
    assert.match(all(`4.${minor}.30`), /\/var\/lib\/ovn\/etc/);
    assert.doesNotMatch(all(`4.${minor}.30`), /ovn-ic|ovnkube-control-plane/);
  }
  for (const minor of [14, 15, 16, 17])
    assert.doesNotMatch(all(`4.${minor}.30`), /ovnkube-master|disable-etcd/);
  for (const minor of [18, 20, 22])
    assert.doesNotMatch(all(`4.${minor}.3`), /ovn|kubelet|get csr|\/etc\/kubernetes\/manifests/);
});

test('the restore script gets a directory of this backup alone, and the proxy of the node where one was used', () => {
  const command = (proxyUsed: boolean) =>
    planOf([aManifest({ proxyUsed })])
      .steps.find(({ kind }) => kind === 'restore')
      ?.commands.join('');
  const script = '/usr/local/bin/cluster-restore.sh /home/core/assets/backup/restore-r-abcdefgh';
  assert.equal(command(false), `ssh core@"$RECOVERY_HOST" 'sudo -E ${script}'`);
  assert.equal(
    command(true),
    `ssh core@"$RECOVERY_HOST" 'sudo systemd-run --pipe --wait -p EnvironmentFile=/etc/mco/proxy.env ${script}'`,
  );
});

test('no release has the proxy’s file read by a shell; in 4.6, which has none, the values are typed and stay as they are', async (t) => {
  for (const zStream of ['4.6.59', '4.6.0-0.okd-2021-02-14-205305', '4.7.0', '4.12.3', '4.20.1']) {
    for (const topology of ['HighlyAvailable', 'SingleReplica', 'DualReplica']) {
      const manifest = { ...anotherManifest({ runId: 'r-right000', zStream, topology }), proxyUsed: true };
      const { steps } = planOf([manifest], { zStream });
      const all = steps.flatMap(({ commands }) => commands).join('\n');
      assert.doesNotMatch(all, /(?:\bsource|(?:^|[;&|"'\s])\.)\s+\S*proxy\.env/);
      if (/^4\.6\./.test(zStream)) assert.doesNotMatch(all, /proxy\.env/);
    }
  }
  const dir = await mkdtemp(path.join(tmpdir(), 'restore-proxy-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const script = path.join(dir, 'restore.sh');
  await writeFile(script, '#!/bin/sh\nprintf "%s\\n" "$HTTP_PROXY" "$HTTPS_PROXY" "$NO_PROXY" "$1"\n', {
    mode: 0o755,
  });
  const manifest = { ...anotherManifest({ runId: 'r-right000', zStream: '4.6.59' }), proxyUsed: true };
  const restore = planOf([manifest], { zStream: '4.6.59' }).steps.find(({ kind }) => kind === 'restore');
  const command = restore?.commands.join('').replace('/usr/local/bin/cluster-restore.sh', script) ?? '';
  const awkward = `http://u:a;touch ${dir}/run$(touch ${dir}/run)\`touch ${dir}/run\`&'"(\\b)@proxy:3128`;
  for (const shell of ['sh', 'bash']) {
    const host = `ssh() { ${shell} -c "$3"; }; sudo() { "$@"; }; ${shell === 'bash' ? 'export -f sudo;' : ''}`;
    const done = spawnSync(shell, ['-c', `${host} ${command.replace('sudo ', '')}`], {
      input: `${awkward}\nhttp://two:3128\n10.0.0.0/16,localhost\n`,
      encoding: 'utf8',
    });
    assert.equal(done.status, 0, done.stderr);
    const said = done.stdout.replace('HTTP_PROXY: HTTPS_PROXY: NO_PROXY: ', '').split('\n');
    assert.deepEqual(said.slice(0, 3), [awkward, 'http://two:3128', '10.0.0.0/16,localhost']);
  }
  assert.deepEqual(await readdir(dir), ['restore.sh']);
});

test('a plan says how far its steps go', () => {
  const reach = (zStream: string, topology: string) =>
    planOf([anotherManifest({ runId: 'r-right000', zStream, topology })], { zStream }).reach;
  assert.equal(reach('4.18.1', 'HighlyAvailable'), 'to-the-end');
  assert.equal(reach('4.16.0-rc.3', 'HighlyAvailable'), 'to-the-end');
  assert.equal(reach('4.6.8', 'SingleReplica'), 'to-the-end');
  assert.equal(reach('4.22.1', 'DualReplica'), 'to-the-end');
  assert.equal(reach('4.21.1', 'DualReplica'), 'files');
  assert.equal(reach('5.1.0', 'HighlyAvailable'), 'files');
});

test('an s3 copy is fetched with its endpoint and region; outside text is quoted', () => {
  const manifest = aManifest();
  const fetches = planOf([manifest]).steps.filter(({ kind }) => kind === 'fetch');
  const key =
    'prod-east/2026-11-23T061444Z-4.16.8-r-abcdefgh/static_kuberesources_2026-11-23_061444.tar.gz.age';
  assert.equal(
    fetches[1]?.commands[1],
    `aws s3 cp s3://etcd-keys/${key} static_kuberesources_2026-11-23_061444.tar.gz.age --endpoint-url https://s3.example.com --region eu-central-1 --ca-bundle "$CA_VAULT_S3"`,
  );
  const [copy] = manifest.files.snapshot.copies;
  assert.ok(copy);
  const odd = { ...copy, place: { kind: 'directory', path: "/srv/it's $(here)" } as const };
  const files = { ...manifest.files, snapshot: { ...manifest.files.snapshot, copies: [odd] } };
  const [line] =
    planOf([{ ...manifest, files }]).steps.filter(({ kind }) => kind === 'fetch')[0]?.commands ?? [];
  assert.ok(line?.startsWith(`cp '/srv/it'\\''s $(here)/prod-east/`), line);
});

test('of several copies a proven one is fetched, the other proven ones are named', () => {
  const manifest = aManifest();
  const [copy] = manifest.files.snapshot.copies;
  assert.ok(copy);
  const copies = [{ ...copy, destination: 'lost', provenAt: null }, copy, { ...copy, destination: 'nas-2' }];
  const files = { ...manifest.files, snapshot: { ...manifest.files.snapshot, copies } };
  const [fetch] = planOf([{ ...manifest, files }]).steps.filter((step) => step.kind === 'fetch');
  assert.equal(fetch?.params.destination, 'nas-1');
  assert.deepEqual(
    fetch?.params.also.map(({ destination }) => destination),
    ['nas-2'],
  );
});

test('every command is a line that a shell can read, and so is what it runs on the node', async (t) => {
  const releases = [
    ['4.16.8', 'HighlyAvailable'],
    ['4.20.1', 'HighlyAvailableArbiter'],
    ['4.16.8', 'SingleReplica'],
  ] as const;
  const commands = releases.flatMap(([zStream, topology]) =>
    [true, false].flatMap((proxyUsed) => {
      const manifest = { ...anotherManifest({ runId: 'r-right000', zStream, topology }), proxyUsed };
      return planOf([manifest], { zStream }).steps.flatMap((step) => step.commands);
    }),
  );
  const dir = await mkdtemp(path.join(tmpdir(), 'restore-commands-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const unique = [...new Set(commands)];
  await Promise.all(
    unique.map(async (command, index) => {
      await writeFile(path.join(dir, `${index}.outer`), command);
      if (command.startsWith('ssh '))
        await writeFile(path.join(dir, `${index}.ssh`), command.split(' < ')[0] ?? '');
    }),
  );
  for (const shell of ['sh', 'bash']) {
    // `ssh` is replaced by a shell that only reads what it would run.
    const check = `for f in *.outer; do ${shell} -n "$f" || echo "$f"; done; ssh() { ${shell} -n -c "$2"; }; for f in *.ssh; do . "./$f" || echo "$f"; done`;
    const done = spawnSync(shell, ['-c', check], { cwd: dir, encoding: 'utf8' });
    assert.equal(`${done.stdout}${done.stderr}`, '', shell);
    assert.equal(done.status, 0);
  }
});

test('on releases up to 4.17 the data is moved only when the containers of each pod are gone', () => {
  const [command] = planOf([aManifest()]).steps.find(({ kind }) => kind === 'stop-others')?.commands ?? [];
  const host = `
    sudo() { "$@"; }; test() { return 0; }; sleep() { :; }; mv() { echo "mv $*"; }
    crictl() { n=$(cat count); [ "$n" = broken ] && return 1; [ "$n" = stuck ] && { echo c0ffee; return; }; [ "$n" -gt 0 ] || return 0; echo $((n - 1)) > count; echo c0ffee; }
    export -f sudo test sleep mv crictl
    ssh() { bash -c "$2"; }`;
  const play = (count: string) =>
    spawnSync(
      'bash',
      [
        '-c',
        `d=$(mktemp -d); cd "$d"; echo ${count} > count; ${host}; ${command}; echo "exit $?"; rm -r "$d"`,
      ],
      { encoding: 'utf8' },
    ).stdout;
  const moved = 'mv -v /var/lib/etcd/ /tmp/\nexit 0\n';
  assert.equal(play('2'), `waiting for etcd to stop\nwaiting for etcd to stop\n${moved}`);
  assert.equal(play('0'), moved);
  assert.equal(play('broken'), 'exit 1\n', 'a list that cannot be read is not an empty one');
  const stuck = play('stuck');
  assert.match(stuck, /etcd still runs: crictl stop c0ffee\nexit 1\n$/, 'it ends, and says what still runs');
  assert.doesNotMatch(stuck, /\/var\/lib\/etcd/);
});

test('a destination that is not the known place is warned of where a copy of the chosen backup is named there', () => {
  const [copy] = aManifest().files.snapshot.copies;
  const place = (destination: string) => ({ destination, state: 'absent', at: startedAt }) as const;
  const { warnings } = planOf([aManifest()], {
    places: [place(copy?.destination ?? ''), place('elsewhere')],
  });
  const at = new Date(startedAt).toISOString();
  assert.deepEqual(warnings, [
    { kind: 'place-not-known', destination: copy?.destination, state: 'absent', at },
  ]);
});

test('the copy that is fetched first is one at a known place, where there is one', () => {
  const whole = aManifest();
  const [copy] = whole.files.snapshot.copies;
  assert.ok(copy);
  const second = { ...copy, destination: 'second' };
  const files = { ...whole.files, snapshot: { ...whole.files.snapshot, copies: [copy, second] } };
  const fetched = (...names: readonly string[]) => {
    const places = names.map((destination) => ({ destination, state: 'absent', at: startedAt }) as const);
    const { steps } = planOf([{ ...whole, files }], { places });
    const step = steps.find((each) => each.kind === 'fetch' && each.params.file === 'snapshot');
    assert.ok(step?.kind === 'fetch');
    return [step.params.destination, ...step.params.also.map(({ destination }) => destination)];
  };
  assert.deepEqual(fetched(), [copy.destination, 'second']);
  assert.deepEqual(fetched(copy.destination), ['second', copy.destination]);
  assert.deepEqual(fetched(copy.destination, 'second'), [copy.destination, 'second']);
});

test('where no z-stream is named, what the watch saw last decides, and the plan says when that was', () => {
  const at = startedAt + dayMs;
  const iso = new Date(at).toISOString();
  const newer = anotherManifest({ runId: 'r-next0000', zStream: '4.16.9', at: startedAt + 60_000 });
  const on = (zStream: string) => ({ zStream: undefined, seen: { kind: 'on', zStream, at } as const });
  const plan = planOf([newer, aManifest()], on('4.16.8'));
  assert.equal(plan.manifest.runId, 'r-abcdefgh');
  assert.deepEqual(plan.warnings, [{ kind: 'z-stream-seen', zStream: '4.16.8', at: iso }]);
  assert.equal(restorePlan([newer], { ...need, ...on('4.16.8') }).outcome, 'none');
  const named = planOf([newer], { ...on('4.16.8'), zStream: '4.16.9' });
  const differs = { kind: 'z-stream-differs', zStream: '4.16.9', seen: '4.16.8', at: iso };
  assert.deepEqual(named.warnings, [differs]);
  assert.deepEqual(planOf([newer], { ...on('4.16.8'), runId: 'r-next0000' }).warnings, [differs]);
  const updating = { kind: 'updating', from: '4.16.8', to: '4.16.9', at } as const;
  assert.deepEqual(
    planOf([newer], { zStream: undefined, seen: updating }).warnings.map(({ kind }) => kind),
    ['z-stream-unknown', 'update-seen'],
  );
});
