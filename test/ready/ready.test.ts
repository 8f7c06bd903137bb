// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { openWorkflowLab, type WorkflowLab } from '../support/workflow-lab.ts';

const timeout = 600_000;
const main = path.join(import.meta.dirname, '..', '..', 'src', 'ready', 'main.ts');

/** The lab as a configuration file describes it. The records stay open: the bot would have them open too. */
async function configFile({ lab }: WorkflowLab, change: object = {}): Promise<string> {
  const { kubeconfig } = lab.connection;
  assert.ok(kubeconfig !== 'in-cluster');
  const file = path.join(lab.dir, 'config.yaml');
  const config = {
    // Neither is there: nothing here speaks to Slack.
    slack: { botToken: '${NO_SUCH_BOT_TOKEN}', appToken: { file: 'no-such-app-token' } },
    records: { file: path.join(lab.dir, 'records.sqlite') },
    people: [
      { slack: 'U0123456789', user: 'requester' },
      { slack: 'U0123456780', user: 'approver' },
    ],
    clusters: [
      {
        name: 'prod-east',
        connect: { kubeconfig: kubeconfig.file },
        channel: 'C0123456789',
        timeZone: 'UTC',
        requestDeadline: '5s',
      },
    ],
    ...change,
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}

async function ready(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { reject: false });
  return { exitCode, stdout, stderr };
}

describe('npm run ready', { timeout }, () => {
  it('answers no, yes and unclear by its exit code, with the reason, beside open records', async () => {
    await using lab = await openWorkflowLab();
    const file = await configFile(lab);

    const no = await ready('prod-east', file);
    assert.equal(no.exitCode, 1, no.stderr);
    assert.match(
      no.stdout,
      /^no: prod-east is not ready for an update\nthere is no verified backup of 4\.16\.8/,
    );

    await lab.approved();
    const run = await lab.turn();
    assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
    const yes = await ready('prod-east', file);
    assert.equal(yes.exitCode, 0, yes.stderr);
    assert.match(
      yes.stdout,
      new RegExp(
        `^yes, with a warning: prod-east is ready for an update, but its backup is on a control-plane node only\\nrun ${run.id} is a verified backup of 4\\.16\\.8`,
      ),
    );
    assert.match(yes.stdout, /warning: the backup lies on the control-plane node alone/);

    const json = await ready('prod-east', file, '--json');
    assert.equal(json.exitCode, 0, json.stderr);
    const { cluster, ready: isReady, reasons } = JSON.parse(json.stdout);
    assert.deepEqual([cluster, isReady, reasons[0].kind], ['prod-east', true, 'fresh-backup']);

    const korean = await ready('prod-east', await configFile(lab, { language: 'ko' }));
    assert.match(korean.stdout, /^예\(경고 있음\): prod-east 클러스터는 업데이트할 준비가 되었지만/);

    lab.lab.cluster.faults.add({ kind: 'reset', match: () => true });
    const unclear = await ready('prod-east', file);
    assert.equal(unclear.exitCode, 2);
    assert.match(unclear.stdout, /unreachable/);
    assert.equal((await lab.records.fleet({ now: Date.now() }))[0]?.watch, undefined, 'it wrote nothing');
  });

  it('answers unclear for a hosted control plane, from the first moment on, and says who knows', async () => {
    await using lab = await openWorkflowLab({ topology: 'External' });
    const unnamed = await ready('prod-east', await configFile(lab));
    assert.equal(unnamed.exitCode, 2, unnamed.stderr);
    assert.match(
      unnamed.stdout,
      /^unclear: .*\nthis bot does not back it up, and no owner of its backups is configured \(backedUpBy\)/,
    );
    const [cluster] = parse(await readFile(await configFile(lab), 'utf8')).clusters;
    const named = await ready(
      'prod-east',
      await configFile(lab, { clusters: [{ ...cluster, backedUpBy: "the hosting cluster's schedule" }] }),
    );
    assert.equal(named.exitCode, 2, named.stderr);
    assert.match(named.stdout, /backed up by: the hosting cluster's schedule: ask there .* 4\.16\.8/);
  });

  it('ends with 2 when it cannot be asked, and says why', async () => {
    await using lab = await openWorkflowLab();
    const file = await configFile(lab);
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /^usage: npm run ready/],
      [['prod-eats', file], /no cluster "prod-eats": did you mean "prod-east"\?/],
      [['prod-east', `${file}.none`], /no such file/],
      [['prod-east', file, '--colour'], /^Unknown option '--colour'\nusage: npm run ready/],
    ];
    const help = await ready('--help');
    assert.deepEqual([help.exitCode, help.stderr], [0, '']);
    assert.match(help.stdout, /^usage: npm run ready -- CLUSTER/);
    for (const [args, text] of cases) {
      const { exitCode, stderr } = await ready(...args);
      assert.equal(exitCode, 2, args.join(' '));
      assert.match(stderr, text);
    }
    const missing = path.join(lab.lab.dir, 'none.sqlite');
    const none = await ready('prod-east', await configFile(lab, { records: { file: missing } }));
    assert.equal(none.exitCode, 2);
    assert.match(none.stderr, /records in .*none\.sqlite/);
    await assert.rejects(readFile(missing), /ENOENT/, 'it creates no records');
  });
});
