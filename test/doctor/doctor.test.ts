import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { execa } from 'execa';
import { compileCache } from '../../sandbox/compile-cache.ts';
import { freePort, startWorld, type World } from '../../sandbox/world.ts';

const timeout = 600_000;
const project = path.join(import.meta.dirname, '..', '..');
const main = path.join(project, 'src', 'doctor', 'main.ts');

describe('npm run doctor', { timeout }, () => {
  let dir: string;
  let world: World;

  before(
    async () => {
      dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-doctor-test-'));
      world = await startWorld({
        dir,
        etcd: false,
        clusterConfig: { requestDeadline: '20s' },
        configure(config, { people }) {
          for (const each of config.clusters) each.owners = [people.viewer];
        },
      });
    },
    { timeout },
  );
  after(async () => {
    await world?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const tokens = () => ({
    SLACK_BOT_TOKEN: world.workspace.botToken,
    SLACK_APP_TOKEN: world.workspace.appToken,
  });

  async function doctor(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], {
      // Most of a call's time is compiling the same files again.
      env: { PATH: process.env.PATH, HOME: dir, ...compileCache, ...env },
      extendEnv: false,
      reject: false,
      timeout: 120_000,
    });
    return { exitCode, stdout, stderr };
  }

  async function changed(t: TestContext, change: Parameters<World['reconfigure']>[0]): Promise<void> {
    t.after(await world.reconfigure(change));
  }

  it('before there is a Slack app: looks at everything else, and names what it left out', async () => {
    const { exitCode, stdout, stderr } = await doctor({}, world.configFile);

    assert.equal(exitCode, 0, stdout + stderr);
    assert.match(
      stdout,
      /^❔ 1 thing could not be looked at, \d+ in order\.\n❔ Slack: scopes, channels and people were not looked at: `slack\.botToken`, `slack\.appToken` not set here\n {3}→ /,
    );
    for (const line of [
      /^✅ Client `.*`: answers, version /m,
      /^✅ Records: `.*records\.sqlite` is made at the bot's first start/m,
      /^✅ API of `prod-east`: answers$/m,
      /^✅ Rights on `prod-east`: all granted \(\d\d\)$/m,
      /^✅ Destination `nas-1`: takes files at `/m,
    ]) {
      assert.match(stdout, line);
    }
    assert.doesNotMatch(stdout, /Channel|scopes: all/);
    assert.ok(!(await readdir(dir)).some((name) => name.startsWith('records.sqlite')), 'it makes no records');
  });

  it('looks, too, where the file has no section for Slack yet', async (t: TestContext) => {
    await changed(t, (config) => {
      delete config.slack;
    });
    const { exitCode, stdout, stderr } = await doctor({}, world.configFile, 'prod-east');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /not looked at: `slack` not set here/);
    assert.match(stdout, /API of `prod-east`: answers/);
  });

  it('with the tokens: the same lines as in Slack, in both languages, and as JSON', async () => {
    const said = await doctor(tokens(), world.configFile);
    assert.equal(said.exitCode, 0, said.stdout + said.stderr);
    assert.match(said.stdout, /^✅ Everything is in order\.\n/);
    for (const line of [
      /^✅ App-level token: Slack accepts it$/m,
      /^✅ Slack scopes: all granted \(\d+\)$/m,
      /^✅ Channel of `prod-east`: the bot is in C/m,
      /^✅ Approvers: Slack knows 3 of them as members$/m,
    ]) {
      assert.match(said.stdout, line);
    }

    const korean = await doctor(tokens(), '--lang', 'ko', world.configFile);
    assert.match(korean.stdout, /^✅ 모두 정상입니다\.\n/);
    assert.match(korean.stdout, /^✅ 앱 수준 토큰: Slack에서 인정함$/m);

    const json = await doctor(tokens(), world.configFile, 'prod-east', '--as-json');
    assert.equal(json.exitCode, 0, json.stderr);
    const { ok, counts, findings } = JSON.parse(json.stdout);
    assert.equal(ok, true);
    assert.deepEqual({ ...counts, good: 0 }, { bad: 0, warning: 0, unknown: 0, good: 0 });
    assert.equal(counts.good, findings.length);
    const api = findings.find((each: { code: string }) => each.code === 'api.reachable');
    assert.deepEqual(api, {
      state: 'good',
      code: 'api.reachable',
      params: { cluster: 'prod-east' },
      looked: 'API of `prod-east`',
      found: 'answers',
      fix: null,
    });
    for (const secret of Object.values(tokens())) assert.ok(!json.stdout.includes(secret));
  });

  it('ends with 1 for what has to be fixed, and says how', async (t: TestContext) => {
    await t.test('Slack refuses both tokens', async () => {
      const wrong = { SLACK_BOT_TOKEN: 'xoxb-1-of-another-app', SLACK_APP_TOKEN: tokens().SLACK_APP_TOKEN };
      const { exitCode, stdout } = await doctor(wrong, world.configFile);
      assert.equal(exitCode, 1);
      assert.match(
        stdout,
        /^❌ 1 thing has to be put right.*\n❌ Bot token: .*auth\.test: .*\n {3}→ “OAuth & Permissions”/,
      );
      assert.match(stdout, /API of `prod-east`: answers/);
    });
    await t.test('only the app-level token is wrong', async () => {
      const { exitCode, stdout } = await doctor(
        { ...tokens(), SLACK_APP_TOKEN: 'xapp-1-of-another-app' },
        world.configFile,
      );
      assert.equal(exitCode, 1);
      assert.match(
        stdout,
        /^❌ App-level token: Slack does not accept it \(.*\)\n {3}→ .*connections:write/m,
      );
      assert.match(stdout, /Slack scopes: all granted/);
    });
    await t.test('Slack cannot be reached', async (inner: TestContext) => {
      const port = await freePort();
      await changed(inner, (config) => {
        config.slack = { ...(config.slack as object), apiUrl: `http://127.0.0.1:${port}/api/` };
      });
      const { exitCode, stdout } = await doctor(tokens(), world.configFile);
      assert.equal(exitCode, 1);
      assert.match(stdout, /^❌ Slack: does not answer \(.*ECONNREFUSED.*\)\n {3}→ Check the way to Slack/m);
    });
    await t.test('the cluster does not answer', async (inner: TestContext) => {
      inner.after(await world.inject({ api: { kind: 'reset', match: () => true } }));
      const { exitCode, stdout } = await doctor({}, world.configFile);
      assert.equal(exitCode, 1);
      assert.match(stdout, /^❌ API of `prod-east`: .*\n {3}→ Check the way/m);
    });
    await t.test('records cannot be made', async (inner: TestContext) => {
      const file = path.join(dir, 'a-file');
      await writeFile(file, '');
      await changed(inner, (config) => {
        config.records.file = path.join(file, 'records.db');
      });
      const { exitCode, stdout } = await doctor({}, world.configFile);
      assert.equal(exitCode, 1);
      assert.match(stdout, /^❌ Records: do not take writes \(.*a-file is no directory\)/m);
    });
    await t.test('a place that is not mounted', async (inner: TestContext) => {
      await changed(inner, (config) => {
        for (const each of config.destinations ?? [])
          if (each.name === 'nas-1') each.directory = { path: path.join(dir, 'not-mounted') };
      });
      const { exitCode, stdout } = await doctor({}, world.configFile);
      assert.equal(exitCode, 1);
      assert.match(stdout, /^❌ Destination `nas-1`: takes no files at .*not-mounted/m);
    });
  });

  it('only one token set: Slack is looked at as far as it goes', async () => {
    const { exitCode, stdout } = await doctor(
      { SLACK_BOT_TOKEN: tokens().SLACK_BOT_TOKEN },
      world.configFile,
    );
    assert.equal(exitCode, 0, stdout);
    assert.match(
      stdout,
      /^❔ Commands and clicks from Slack: not looked at: `slack\.appToken` is not set here$/m,
    );
    assert.match(stdout, /Slack scopes: all granted/);
  });

  it('ends with 2 when it could not look, and says why', async (t: TestContext) => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /^usage: npm run doctor -- FILE \[CLUSTER…\]/],
      [[`${world.configFile}.none`], /expected a readable YAML file; found no such file$/],
      [[world.configFile, 'prod-eats'], /^no cluster "prod-eats": did you mean "prod-east"\?$/],
      [[world.configFile, '--lang', 'de'], /^--lang takes en or ko, not "de"\nusage/],
      [[world.configFile, '--colour'], /^Unknown option '--colour'\nusage/],
    ];
    for (const [args, text] of cases) {
      const { exitCode, stdout, stderr } = await doctor({}, ...args);
      assert.equal(exitCode, 2, args.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, text);
    }
    await changed(t, (config) => {
      config.client = { ...(config.client as object), env: { AWS_SECRET_ACCESS_KEY: `\${NOT_SET_HERE}` } };
    });
    const { exitCode, stderr } = await doctor({}, world.configFile);
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /^.*client\.env\.AWS_SECRET_ACCESS_KEY .*the environment variable NOT_SET_HERE; found it not set/,
    );
    assert.equal(stderr.split('\n').length, 1, 'what is missing of Slack is no mistake');
  });

  it('works beside the running bot, without its lock, and leaves its records as they are', async (t: TestContext) => {
    const bot = await world.startBot();
    t.after(() => bot.stop());
    const before = await readFile(`${world.recordsFile}.lock`);
    const { exitCode, stdout, stderr } = await doctor(tokens(), world.configFile);
    assert.equal(exitCode, 0, stdout + stderr);
    assert.match(stdout, /^✅ Records: take writes$/m);
    assert.deepEqual(await readFile(`${world.recordsFile}.lock`), before);
    await bot.stop();

    // The next bot takes them as they are.
    await world.startBot();
  });
});
