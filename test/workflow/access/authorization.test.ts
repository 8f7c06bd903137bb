import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { known, type Reading, unknown } from '../../../src/domain/cluster/reading.ts';
import type { SlackProfile } from '../../../src/domain/people/person.ts';
import type { ClusterPolicy, PersonMapping } from '../../../src/domain/policy/policy.ts';
import { mayActOnRun } from '../../../src/workflow/access/asked-run.ts';
import { type Act, mayAct, mayActOn } from '../../../src/workflow/access/authorization.ts';
import { fleetOf } from '../../support/policies.ts';
import { openWorkflowLab, type WorkflowLab } from '../../support/workflow-lab.ts';

const timeout = 600_000;
let lab: WorkflowLab;

before(
  async () => {
    lab = await openWorkflowLab();
  },
  { timeout },
);
after(() => lab?.[Symbol.asyncDispose]());

/** The users whom the lab's cluster knows; the owner is no cluster-admin. */
const accounts = { admin: 'U-ADMIN', viewer: 'U-VIEWER', owner: 'U-OWNER' } as const;
/** May break the glass, and is no cluster-admin. */
const emergency = 'U-EMERGENCY';
const people: readonly PersonMapping[] = [
  { slackUser: emergency, clusterUser: 'viewer', groups: [] },
  { slackUser: accounts.admin, clusterUser: 'approver', groups: [] },
  { slackUser: accounts.viewer, clusterUser: 'viewer', groups: [] },
  { slackUser: accounts.owner, clusterUser: 'owner', groups: [] },
];

const member: SlackProfile = {
  teamId: 'T1',
  deleted: false,
  guest: false,
  stranger: false,
  bot: false,
  locale: 'en-US',
};
const slackSays: Readonly<Record<string, Reading<SlackProfile>>> = {
  member: known(member),
  guest: known({ ...member, guest: true }),
  stranger: known({ ...member, teamId: 'T2' }),
  deactivated: known({ ...member, deleted: true }),
  bot: known({ ...member, bot: true }),
  absent: unknown('absent', 'users.info: user_not_found'),
  silent: unknown('timeout', 'users.info: no answer'),
};

/** The lab's cluster, with Slack's word on every account; `asked` lists what Slack was asked. */
function world(says: keyof typeof slackSays, change: Partial<ClusterPolicy> = {}) {
  const cluster: ClusterPolicy = { ...lab.lab.policy, owners: [accounts.owner], ...change };
  const withinMs: (number | undefined)[] = [];
  const deps = {
    ...lab.deps,
    // A loaded machine answers later than the gate waits.
    clock: { ...lab.clock, sleep: (ms: number, signal?: AbortSignal) => lab.clock.sleep(ms * 100, signal) },
    fleet: fleetOf([cluster], people),
    people: {
      teamId: 'T1',
      async profile(_slackUser: string, within?: number) {
        withinMs.push(within);
        return slackSays[says] ?? assert.fail(`Slack does not say ${says}`);
      },
    },
  };
  return { cluster, deps, withinMs };
}

type Actor = keyof typeof accounts;

async function answerTo(
  { deps, cluster }: Pick<ReturnType<typeof world>, 'deps' | 'cluster'>,
  act: Act,
  actor: Actor,
  channel = 'C1',
): Promise<string> {
  const slackUser = accounts[actor];
  const clusterUser = people.find((each) => each.slackUser === slackUser)?.clusterUser ?? assert.fail();
  const answer =
    act === 'backUp'
      ? await mayAct(deps, act, { slackUser, clusterUser }, cluster)
      : await mayAct(deps, act, { slackUser, channel, deliveryId: 'd' }, cluster);
  return answer.ok ? 'yes' : answer.answer.outcome;
}

function accessReviews(): number {
  return lab.lab.cluster.requests.filter(({ resource }) => resource === 'subjectaccessreviews').length;
}

async function withSilentCluster<T>(work: () => Promise<T>): Promise<T> {
  const undo = lab.lab.cluster.faults.add({
    match: ({ resource }) => resource === 'subjectaccessreviews',
    kind: 'status',
    code: 500,
  });
  return work().finally(undo);
}

const anyMember = { admin: 'yes', viewer: 'yes', owner: 'yes', unreadable: 'yes' } as const;
const adminOrOwner = {
  admin: 'yes',
  viewer: 'not-permitted',
  owner: 'yes',
  unreadable: 'permission-unreadable',
} as const;
const refused = { account: 'refused-person', absent: 'profile-unreadable' } as const;
const asksSlack = { ...refused, silent: 'profile-unreadable' } as const;
const passesSilence = { ...refused, silent: 'yes' } as const;
const asksLater = { account: 'yes', absent: 'yes', silent: 'yes' } as const;

/**
 * `account`: a guest's, a stranger's, a deactivated one, a bot's. `viewer`: no cluster-admin. `unreadable`: a viewer, and the
 * cluster does not say. Under the standard permissions.
 */
const table: Readonly<Record<Act, Readonly<Record<string, string>>>> = {
  read: { ...asksSlack, ...anyMember },
  request: { ...asksLater, ...anyMember },
  vote: { ...asksLater, ...anyMember },
  cancel: { ...passesSilence, ...anyMember },
  snooze: { ...passesSilence, ...anyMember },
  pause: { ...asksSlack, ...anyMember },
  adopt: { ...asksSlack, ...anyMember },
  verify: { ...asksSlack, ...anyMember },
  startDrill: { ...asksSlack, ...anyMember },
  endReminder: { ...asksSlack, ...adminOrOwner },
  backUp: {
    ...asksSlack,
    admin: 'yes',
    viewer: 'not-cluster-admin',
    owner: 'not-cluster-admin',
    unreadable: 'permission-unreadable',
  },
  // Its owners are notified; what its backups are worth they do not decide.
  declareRestore: {
    ...asksSlack,
    admin: 'yes',
    viewer: 'no-restore-right',
    owner: 'no-restore-right',
    unreadable: 'restore-right-unreadable',
  },
};
const acts = Object.keys(table) as Act[];

describe('who may act', { timeout }, () => {
  for (const act of acts)
    it(`${act}: what Slack and the cluster say of each person decides`, async () => {
      const found: string[] = [];
      const expected: string[] = [];
      for (const says of Object.keys(slackSays)) {
        const column = says === 'absent' || says === 'silent' ? says : 'account';
        const bySlack = says === 'member' ? 'yes' : table[act][column];
        const row = async (person: Actor | 'unreadable', answer: Promise<string>) => {
          const where = `${person}, whom Slack calls ${says}`;
          expected.push(`${where}: ${bySlack === 'yes' ? table[act][person] : bySlack}`);
          found.push(`${where}: ${await answer}`);
        };
        const here = world(says);
        for (const actor of Object.keys(accounts) as Actor[]) await row(actor, answerTo(here, act, actor));
        await row(
          'unreadable',
          withSilentCluster(() => answerTo(here, act, 'viewer')),
        );
      }
      assert.deepEqual(found, expected);
    });

  it('no person whom the configuration does not know, whatever is asked', async () => {
    const { deps, cluster, withinMs } = world('member');
    const reviews = accessReviews();
    for (const act of acts) {
      const slackUser = 'U-UNKNOWN';
      const answer =
        act === 'backUp'
          ? await mayAct(deps, act, { slackUser, clusterUser: 'approver' }, cluster)
          : await mayAct(deps, act, { slackUser, channel: 'C1', deliveryId: 'd' }, cluster);
      assert.deepEqual(answer, { ok: false, answer: { outcome: 'unknown-person' } }, act);
    }
    assert.deepEqual(withinMs, [], 'Slack is not asked about them');
    assert.equal(accessReviews(), reviews, 'nor is the cluster');
  });

  it('no vote or request of a person whom the configuration gives another cluster user since', async () => {
    const { deps, cluster } = world('member');
    const before = { slackUser: accounts.admin, clusterUser: 'another-admin' };
    assert.deepEqual(await mayAct(deps, 'backUp', before, cluster), {
      ok: false,
      answer: { outcome: 'unknown-person' },
    });
  });

  it('asks nothing before a request or a vote is on record, and waits shortly for what must be acknowledged', async () => {
    const askedOf = async (act: Act) => {
      const { withinMs, ...here } = world('member');
      await answerTo(here, act, 'admin');
      return withinMs;
    };
    const reviews = accessReviews();
    for (const act of ['request', 'vote'] as const) assert.deepEqual(await askedOf(act), [], act);
    assert.equal(accessReviews(), reviews);
    for (const act of ['cancel', 'snooze', 'pause', 'endReminder'] as const) {
      const [withinMs, ...more] = await askedOf(act);
      assert.ok(withinMs !== undefined && withinMs < 2_500, `${act}: ${withinMs}`);
      assert.deepEqual(more, []);
    }
    for (const act of ['read', 'adopt', 'verify', 'startDrill', 'backUp', 'declareRestore'] as const)
      assert.deepEqual(await askedOf(act), [undefined], act);
  });

  it('only in the channels of the cluster; a guest does not learn which these are', async () => {
    const channels = { allowedChannels: ['C2'] };
    const reviews = accessReviews();
    for (const act of acts.filter((each) => each !== 'backUp')) {
      assert.equal(await answerTo(world('member', channels), act, 'viewer', 'C9'), 'wrong-channel', act);
      const toGuest = await answerTo(world('guest', channels), act, 'viewer', 'C9');
      assert.equal(toGuest, table[act].account === 'yes' ? 'wrong-channel' : table[act].account, act);
    }
    assert.equal(accessReviews(), reviews, 'no rights are asked about');
    for (const channel of ['C1', 'C2'])
      assert.equal(await answerTo(world('member', channels), 'read', 'viewer', channel), 'yes');
  });

  it('as the policy of the cluster permits', async () => {
    const strict = world('member', {
      permissions: { endReminder: 'member', verify: 'cluster-admin', startDrill: 'cluster-admin' },
    });
    assert.equal(await answerTo(strict, 'endReminder', 'viewer'), 'yes');
    for (const act of ['verify', 'startDrill'] as const) {
      assert.equal(await answerTo(strict, act, 'viewer'), 'not-permitted');
      assert.equal(await answerTo(strict, act, 'admin'), 'yes');
      await withSilentCluster(async () => {
        assert.equal(await answerTo(strict, act, 'viewer'), 'permission-unreadable');
        assert.equal(await answerTo(strict, act, 'owner'), 'yes', 'most needed when the cluster is gone');
      });
    }
  });
});

describe('who may say that a cluster was restored', { timeout }, () => {
  it('those who may break the glass, also while the cluster answers nothing; the cluster is not asked about them', async () => {
    const asked = { slackUser: emergency, channel: 'C1', deliveryId: 'd' };
    const { deps, cluster } = world('member', {
      approval: { ...lab.lab.policy.approval, breakGlass: { people: [emergency], owners: [] } },
    });
    const reviews = accessReviews();
    await withSilentCluster(async () => {
      assert.equal((await mayAct(deps, 'declareRestore', asked, cluster)).ok, true);
      assert.equal(accessReviews(), reviews, 'the cluster is not asked');
      const other = await mayAct(deps, 'declareRestore', { ...asked, slackUser: accounts.viewer }, cluster);
      const said = other.ok ? assert.fail() : other.answer;
      assert.ok(said.outcome === 'restore-right-unreadable');
      assert.deepEqual(said.breakGlass, [emergency], 'the answer names those who can do it meanwhile');
    });
    assert.ok(accessReviews() > reviews, 'but about the other one');
    const guest = world('guest', cluster);
    assert.equal((await mayAct(guest.deps, 'declareRestore', asked, guest.cluster)).ok, false);
  });
});

describe('what is named in a question', { timeout }, () => {
  const asked = { slackUser: accounts.viewer, channel: 'C1', deliveryId: 'd' };

  it('a guest does not learn which clusters or runs there are', async () => {
    const { deps } = world('guest');
    const refusal = { ok: false, answer: { outcome: 'refused-person', accountKind: 'guest' } };
    for (const name of ['prod-east', 'prod-eats', undefined])
      assert.deepEqual(await mayActOn(deps, 'read', asked, name), refusal);
    assert.deepEqual(await mayActOnRun(deps, 'read', asked, 'r-22222222'), refusal);
  });

  it('a member learns which cluster was probably meant', async () => {
    const { deps } = world('member');
    const answer = await mayActOn(deps, 'read', asked, 'prod-eats');
    assert.deepEqual(answer, {
      ok: false,
      answer: { outcome: 'unknown-cluster', name: 'prod-eats', nearest: 'prod-east', known: ['prod-east'] },
    });
  });
});
