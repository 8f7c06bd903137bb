import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unknown } from '../../../src/domain/cluster/reading.ts';
import { markerKey, parseMarker } from '../../../src/domain/copies/place-marker.ts';
import { restoreText } from '../../../src/restore/restore-text.ts';
import { copyTools } from '../../../src/storage/verify/copy-tools.ts';
import type { AdoptAnswer } from '../../../src/workflow/access/backups.ts';
import { adoptDestination } from '../../../src/workflow/places/adopt-place.ts';
import { placeStatus } from '../../../src/workflow/places/place-identity.ts';
import type { ClusterReader } from '../../../src/workflow/ports/ports.ts';
import { installation, nas } from '../../support/place-lab.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';

let lab: WorkflowLab;
let dir: string;
let mount: string;
const owners: Record<string, readonly string[]> = {};

before(async () => {
  // The place is created for each test, under the same path.
  dir = await mkdtemp(path.join(tmpdir(), 'adopt-place-'));
  mount = path.join(dir, 'mount');
  const to = { destination: 'nas-1', place: { kind: 'directory' as const, path: mount } };
  const copy = { ...to, custodians: [], encryptFor: [] };
  const copies = [
    { ...copy, file: 'snapshot' as const },
    { ...copy, file: 'resources' as const },
  ];
  lab = await openWorkflowLab({
    offCluster: {
      destinations: { get: () => nas(mount) },
      names: ['nas-1'],
      owners,
      tools: copyTools(),
      restoreText,
      drill: undefined,
    },
    policy: { copies },
    clusters: [{ name: 'prod-west', copies }],
    unwired: ['prod-west'],
  });
});
after(async () => {
  await lab[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

let rooms = 0;
/** A known place that was unmounted: the mount point is empty. */
async function unmounted(): Promise<string> {
  rooms += 1;
  await rm(mount, { recursive: true, force: true });
  await mkdir(mount);
  const before = await lab.records.place('nas-1');
  if (before) await lab.records.decidePlace({ destination: 'nas-1', now: 1, decision: forget });
  await placeStatus(lab.deps, 'nas-1');
  const id = (await lab.records.place('nas-1'))?.id ?? assert.fail('it was not marked');
  await rename(mount, `${mount}.${rooms}`);
  await mkdir(mount);
  return id;
}

const forget = () => ({ set: { id: undefined, since: undefined, trouble: undefined }, audit: [] });

function adopt(by: string, confirmed?: string): Promise<AdoptAnswer> {
  return lab.backups.adopt(lab.asked(by), { destination: 'nas-1', confirmed });
}

async function ownedBy(...slackUsers: readonly string[]): Promise<void> {
  owners['nas-1'] = slackUsers;
}

describe('adopting a place', { timeout: 120_000 }, () => {
  it('is for its owners alone, where it has some', async () => {
    await unmounted();
    await ownedBy(who.viewer);
    const refused = await adopt(who.approver);
    assert.deepEqual(refused, { outcome: 'not-an-owner', destination: 'nas-1', owners: [who.viewer] });
    assert.equal((await adopt(who.unmapped)).outcome, 'unknown-person');
    assert.equal((await adopt(who.viewer)).outcome, 'confirm-needed');
    assert.deepEqual(await readdir(mount), []);
  });

  it('without owners takes cluster-admin on every cluster that uses it, and says which cluster could not be asked', async () => {
    await unmounted();
    await ownedBy();
    const input = { destination: 'nas-1', confirmed: undefined };
    const { clusterAdmin } = lab.deps.clusters;
    const clusters: ClusterReader = {
      ...lab.deps.clusters,
      clusterAdmin: async (cluster, person) =>
        cluster.name === 'prod-west' ? unknown('unreachable', 'no answer') : clusterAdmin(cluster, person),
    };
    const answer = await adoptDestination({ ...lab.deps, clusters }, lab.asked(who.requester), input);
    assert.ok(
      answer.outcome === 'rights-unreadable' && answer.cluster === 'prod-west',
      JSON.stringify(answer),
    );
    const [east] = lab.deps.fleet.clusters;
    const fleet = { ...lab.deps.fleet, clusters: east ? [east] : [] };
    const asViewer = await adoptDestination({ ...lab.deps, fleet }, lab.asked(who.viewer), input);
    assert.deepEqual(asViewer, {
      outcome: 'not-cluster-admin-everywhere',
      destination: 'nas-1',
      lacking: ['prod-east'],
    });
    const asAdmin = await adoptDestination({ ...lab.deps, fleet }, lab.asked(who.requester), input);
    assert.equal(asAdmin.outcome, 'confirm-needed');
    const unused = await adoptDestination(
      { ...lab.deps, fleet: { ...fleet, clusters: [] } },
      lab.asked(who.requester),
      input,
    );
    assert.equal(unused.outcome, 'no-decider');
  });

  it('asks back where it is not what the records have; the confirmation holds for what was seen alone', async (t) => {
    const id = await unmounted();
    await ownedBy(who.requester);
    const asks = await adopt(who.requester);
    assert.ok(asks.outcome === 'confirm-needed' && asks.state === 'absent', JSON.stringify(asks));
    assert.deepEqual(asks.contents, { objects: 0, newestAt: undefined, recorded: 0, found: 0 });
    // Another installation's volume is mounted meanwhile.
    const other = await installation(t, nas(mount));
    await placeStatus(other.deps, 'nas-1');
    const text = await readFile(path.join(mount, markerKey), 'utf8');
    const changed = await adopt(who.requester, asks.fingerprint);
    assert.ok(changed.outcome === 'confirm-needed' && changed.changed && changed.state === 'different');
    assert.equal((await lab.records.place('nas-1'))?.id, id);

    const adopted = await adopt(who.requester, changed.fingerprint);
    assert.ok(adopted.outcome === 'adopted' && adopted.marker === 'taken', JSON.stringify(adopted));
    assert.equal(await readFile(path.join(mount, markerKey), 'utf8'), text, 'a marker is never rewritten');
    assert.equal((await placeStatus(lab.deps, 'nas-1')).mayWrite, true);
    const { lines, chain } = await lab.records.placeAudit('nas-1');
    assert.deepEqual(chain, { ok: true });
    const last = lines.at(-1);
    assert.equal(last?.action, 'adopted');
    assert.deepEqual(last?.actor, { kind: 'person', slackUser: who.requester, clusterUser: 'requester' });
    assert.deepEqual([last?.detail.before, last?.detail.state], [id, 'different']);
    assert.equal((await adopt(who.requester)).outcome, 'known-already');
  });

  it('of an empty place gives it an id of its own: the volume that was away is not known by that', async () => {
    const id = await unmounted();
    await ownedBy(who.requester);
    const adopted = await adopt(who.requester, 'none');
    assert.ok(adopted.outcome === 'adopted' && adopted.marker === 'written', JSON.stringify(adopted));
    const now = parseMarker(await readFile(path.join(mount, markerKey), 'utf8'))?.id;
    assert.notEqual(now, id);
    assert.equal((await lab.records.place('nas-1'))?.id, now);
  });

  it('never rewrites a file that is no marker, and names an unknown destination', async () => {
    await unmounted();
    await ownedBy(who.requester);
    await writeFile(path.join(mount, markerKey), 'notes of somebody');
    assert.equal((await adopt(who.requester, 'none')).outcome, 'marker-unreadable');
    assert.equal(await readFile(path.join(mount, markerKey), 'utf8'), 'notes of somebody');
    const input = { destination: 'nas-2', confirmed: undefined };
    const unknown = await lab.backups.adopt(lab.asked(who.requester), input);
    assert.ok(unknown.outcome === 'unknown-destination' && unknown.nearest === 'nas-1');
  });

  it('can be seen in the list: state and since when', async () => {
    await unmounted();
    await placeStatus(lab.deps, 'nas-1');
    const listed = await lab.backups.places(lab.asked(who.viewer));
    assert.ok(listed.outcome === 'places');
    const [place, ...more] = listed.places;
    assert.deepEqual([place?.destination, place?.state, more.length], ['nas-1', 'absent', 0]);
    assert.equal(typeof place?.since, 'number');
  });
});
