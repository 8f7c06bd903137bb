import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { CopyPolicy } from '../../../src/domain/copies/file-copy.ts';
import type { DoctorLine } from '../../../src/domain/doctor/doctor.ts';
import { restoreText } from '../../../src/restore/restore-text.ts';
import { openDestinations } from '../../../src/storage/open-destinations.ts';
import { copyTools } from '../../../src/storage/verify/copy-tools.ts';
import { createBackups } from '../../../src/workflow/answers/create-backups.ts';
import type { WorkflowDeps } from '../../../src/workflow/ports/deps.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
const approval = { needed: 1, selfApproval: false, expiresAfterMs: 1_800_000, breakGlass: undefined };

describe('the doctor’s round', { timeout }, () => {
  let lab: WorkflowLab;
  before(
    async () => {
      lab = await openWorkflowLab({
        clusters: [
          {
            name: 'elsewhere',
            channel: 'C2',
            allowedChannels: ['C2'],
            approval: { ...approval, approvers: [] },
          },
          { name: 'unwired', channel: 'C3', approval: { ...approval, approvers: ['U2', 'U77'] } },
        ],
        unwired: ['unwired'],
      });
    },
    { timeout },
  );
  after(() => lab?.[Symbol.asyncDispose]());

  async function lines(
    cluster: string | undefined,
    change: Partial<WorkflowDeps> = {},
    channel = 'C1',
  ): Promise<readonly DoctorLine[]> {
    const backups = createBackups({ ...lab.deps, ...change });
    const answer = await backups.doctor(lab.asked(who.requester, channel), { cluster });
    return answer.outcome === 'examined' ? answer.lines : assert.fail(JSON.stringify(answer));
  }

  const clustersIn = (found: readonly DoctorLine[]) =>
    new Set(found.flatMap(({ params }) => ('cluster' in params ? [params.cluster] : [])));

  it('looks at every cluster that may be asked about from this channel', async () => {
    assert.deepEqual(clustersIn(await lines(undefined)), new Set(['unwired', 'prod-east']));
    assert.deepEqual(
      clustersIn(await lines(undefined, {}, 'C2')),
      new Set(['unwired', 'prod-east', 'elsewhere']),
    );
    assert.deepEqual(clustersIn(await lines('prod-east')), new Set(['prod-east']));
    const refused = await lab.backups.doctor(lab.asked(who.requester), { cluster: 'elsewhere' });
    assert.equal(refused.outcome, 'wrong-channel');
  });

  it('reports a mistake of our own wiring as a line, and logs it', async () => {
    const found = await lines('unwired');
    const line = found.find(({ code }) => code === 'api.unreachable');
    assert.match(JSON.stringify(line), /no connection is configured/);
    assert.ok(lab.log.some(({ level, message }) => level === 'error' && /doctor/.test(message)));
  });

  it('looks at the approvers that are named, in Slack and in the configuration', async () => {
    const found = await lines('unwired');
    assert.deepEqual(
      found.filter(({ code }) => code === 'approver.not-mapped').map(({ params }) => params),
      [{ cluster: 'unwired', slackUser: 'U77' }],
    );
    assert.deepEqual(
      found.filter(({ code }) => code === 'person.unfit').map(({ params }) => params),
      [{ slackUser: 'U77', because: 'absent' }],
    );
  });

  it('asks Slack about so many accounts and says how many are left', async () => {
    const approvers = Array.from({ length: 70 }, (_, n) => `U${100 + n}`);
    const [cluster] = lab.deps.fleet.clusters;
    assert.ok(cluster);
    const many = { ...cluster, approval: { ...cluster.approval, approvers } };
    let asked = 0;
    const people = {
      ...lab.people,
      profile: (user: string) => {
        asked += user === who.requester ? 0 : 1;
        return lab.people.profile(user);
      },
    };
    const fleet = { ...lab.deps.fleet, clusters: [many], cluster: () => many };
    const found = await lines('prod-east', { fleet, people });
    assert.equal(asked, 50);
    assert.deepEqual(found.find(({ code }) => code === 'people.not-asked')?.params, { count: 20 });
  });

  it('ends in time whatever hangs, and reports everything else as it is', async () => {
    const never = () => new Promise<never>(() => undefined);
    const clock = {
      ...lab.clock,
      sleep: (ms: number, signal?: AbortSignal) => lab.clock.sleep(ms / 10, signal),
    };
    const found = await lines('prod-east', { clock, client: { path: 'oc', version: never } });
    const client = found.find(({ code }) => code.startsWith('client.'));
    assert.ok(client?.code === 'client.unusable');
    assert.equal(client.params.why.reason, 'timeout');
    assert.ok(found.some(({ code }) => code === 'rights.complete'));
  });

  it('tries each destination of the clusters once, and names the place that does not take files', async (t) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'doctor-'));
    t.after(() => rm(dir, { recursive: true, force: true }));
    const gone = path.join(dir, 'gone');
    const destinations = openDestinations(
      [
        { kind: 'directory', name: 'nas-1', path: dir },
        { kind: 'directory', name: 'vault', path: gone },
      ],
      lab.clock,
    );
    const to = (destination: string) => ({ destination, place: here, custodians: [], encryptFor: [] });
    const here = { kind: 'directory', path: dir } as const;
    const copies: readonly CopyPolicy[] = [
      { file: 'snapshot', ...to('nas-1') },
      { file: 'resources', ...to('vault') },
    ];
    const clusters = lab.deps.fleet.clusters.map((each) => ({ ...each, copies }));
    const fleet = { ...lab.deps.fleet, clusters };
    const offCluster = { destinations, tools: copyTools(), restoreText, drill: undefined };
    const found = (await lines(undefined, { fleet, offCluster })).filter(({ code }) =>
      code.startsWith('destination.'),
    );
    const [broken, works, ...more] = found;
    assert.deepEqual(more, []);
    assert.deepEqual(works?.params, { destination: 'nas-1', place: dir });
    assert.ok(broken?.code === 'destination.broken' && broken.state === 'bad');
    assert.equal(broken.params.place, gone);
    assert.match(broken.params.detail, /gone/);
    assert.deepEqual(await readdir(dir), []);
  });

  it('sees that the records take no writes', async () => {
    const probe = () => Promise.reject(new Error('database or disk is full'));
    const found = await lines('prod-east', { records: { ...lab.records, probe } });
    assert.deepEqual(found[0], {
      code: 'records.unwritable',
      state: 'bad',
      params: { detail: 'database or disk is full' },
    });
  });
});
