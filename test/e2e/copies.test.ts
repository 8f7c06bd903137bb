import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Decrypter } from 'age-encryption';
import { parseManifest } from '../../src/catalog/manifest-schema.ts';
import { type FileKind, fileKinds, type Manifest } from '../../src/domain/copies/manifest-document.ts';
import { restorePlan } from '../../src/domain/restore/restore-plan.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { findEtcdTools } from '../../src/drill/find-etcd.ts';
import { backup, copyOf, filesBelow, onNode, sha256Of } from '../support/backups.ts';
import { openStage, type Request, type Stage } from '../support/e2e.ts';
import { need } from '../support/need.ts';

const exec = promisify(execFile);
const timeout = 600_000;

let stage: Stage;
let request: Request;
let run: BackupRun;

before(async () => {
  stage = await openStage({ etcd: {} });
  ({ request, run } = await backup(stage));
});

after(() => stage[Symbol.asyncDispose]());

function places() {
  return stage.world.offCluster ?? assert.fail('the sandbox has two places');
}

function identityFile(): string {
  return places().recipients[1]?.keyFile ?? assert.fail('there are recipients');
}

function directoryOf(file: FileKind): string {
  return path.dirname(copyOf(run, file).location);
}

async function manifestBeside(file: FileKind): Promise<Manifest> {
  const text = await readFile(path.join(directoryOf(file), 'manifest.json'), 'utf8');
  return parseManifest(text);
}

/** The sentence, not the word that it takes a while, and not the file that comes along. */
function answerTo(text: string, fits: RegExp): Promise<string> {
  return stage.answer(stage.world.people.requester, text, fits);
}

describe('both files of a backup, off the cluster', { timeout }, () => {
  it('lie at two places, each with the digest that the record and the node say', async () => {
    const { artifacts } = run.success ?? assert.fail();
    assert.deepEqual(
      fileKinds.map((file) => copyOf(run, file).destination),
      ['nas-1', 'vault'],
    );
    for (const file of fileKinds) {
      const copy = copyOf(run, file);
      assert.equal(typeof copy.provenAt, 'number', JSON.stringify(copy));
      assert.equal(await sha256Of(copy.location), copy.stored?.sha256);
      assert.equal((await stat(copy.location)).size, copy.stored?.size);
      assert.equal(await sha256Of(onNode(stage, run, artifacts[file].path)), artifacts[file].sha256);
    }
    assert.equal(copyOf(run, 'snapshot').stored?.sha256, artifacts.snapshot.sha256);
    assert.notEqual(copyOf(run, 'resources').stored?.sha256, artifacts.resources.sha256);
  });

  it('the encrypted one is opened by each recipient alone, to the very bytes of the node', async () => {
    const copy = copyOf(run, 'resources');
    assert.match(copy.location, /\.tar\.gz\.age$/);
    const original = await readFile(onNode(stage, run, run.success?.artifacts.resources.path ?? ''));
    for (const { keyFile } of places().recipients) {
      const decrypter = new Decrypter();
      const identity = (await readFile(keyFile, 'utf8')).split('\n').find((line) => !line.startsWith('#'));
      decrypter.addIdentity(identity ?? '');
      const opened = await decrypter.decrypt(await readFile(copy.location));
      assert.ok(original.equals(opened), keyFile);
    }
  });

  it('have manifest.json and RESTORE.md beside them that say the same', async () => {
    const [one, other] = [await manifestBeside('snapshot'), await manifestBeside('resources')];
    assert.deepEqual(one, other);
    for (const file of fileKinds) {
      const copy = copyOf(run, file);
      const [documented] = one.files[file].copies;
      assert.equal(documented?.storedSha256, copy.stored?.sha256);
      assert.equal(documented?.provenAt, new Date(copy.provenAt ?? 0).toISOString());
      assert.equal(one.files[file].sha256, run.success?.artifacts[file].sha256);
      const text = await readFile(path.join(directoryOf(file), 'RESTORE.md'), 'utf8');
      for (const each of fileKinds) assert.ok(text.includes(copyOf(run, each).location), each);
    }
  });

  it('nothing else lies there, and all of it is readable by the bot alone', async () => {
    for (const file of fileKinds) {
      const directory = directoryOf(file);
      const expected = ['RESTORE.md', 'manifest.json', path.basename(copyOf(run, file).location)];
      assert.deepEqual(await filesBelow(directory), expected.toSorted());
      for (const name of expected) {
        assert.equal((await stat(path.join(directory, name))).mode & 0o777, 0o600, name);
      }
    }
  });

  it('are reported with receipt, drill and both documents in the thread, and as proven on the card', async () => {
    // A drill comes after the copies, when the session is closed.
    const drilled = findEtcdTools(process.env.PATH ?? '') !== undefined;
    const all = drilled
      ? /Copy verified:[\s\S]*Copy verified:[\s\S]*Restore drill: restored/
      : /Copy verified:[\s\S]*Copy verified:/;
    const said = await stage.waitForThread(request, all);
    for (const file of fileKinds) assert.ok(said.includes(copyOf(run, file).stored?.sha256 ?? '-'), said);
    assert.match(said, /security team/);
    const files = await stage.world.workspace.waitFor(
      () => {
        const messages = stage.world.workspace.thread(request.channel, request.ts);
        const names = messages.flatMap((message) => message.files.map(({ name }) => name));
        return names.includes('RESTORE.md') && names;
      },
      { timeoutMs: 30_000, what: 'both documents in the thread' },
    );
    assert.ok(files.includes('manifest.json'), files.join());
    assert.match(await stage.waitForCard(request, /✅ Backed up/), /copy verified/);
  });
});

describe('asked about later', { timeout }, () => {
  it('verify reads both back and says so', async () => {
    await answerTo(`verify ${run.id}`, /✅ Both copies of .* were read back just now/s);
    const actions = (await stage.records.auditLines(run.id)).map(({ action }) => action);
    assert.equal(actions.at(-1), 'verified');
  });

  it('drill restores the snapshot into a real etcd', async (t) => {
    if (!need(t, 'etcd', findEtcdTools(process.env.PATH ?? ''))) return;
    await answerTo(`drill ${run.id}`, /✅ Restore drill/);
    const { drill } = (await stage.run(request)).success ?? {};
    assert.equal(drill?.ok, true);
    assert.equal(drill?.ok && drill.revision, run.success?.artifacts.snapshot.status?.revision);
  });

  it('restore-plan answers for the cluster, for the run, and says when none qualifies, while the API is down', async () => {
    stage.world.cluster.faults.add({ match: () => true, kind: 'reset' });
    try {
      for (const what of ['prod-east', run.id]) {
        const answer = await answerTo(`restore-plan ${what}`, /\*?Restore prod-east from/);
        assert.ok(answer.includes(run.id) && answer.includes(copyOf(run, 'resources').location), answer);
        assert.match(answer, /RESTORE\.md.*direct messages/);
      }
      const other = 'restore-plan prod-east z-stream=4.16.9';
      const none = await answerTo(other, /No backup of prod-east can be restored/);
      assert.match(none, /4\.16\.9/);
      assert.match(none, /1 of another z-stream/);
      await answerTo('restore-plan r-zzzzzzzz', /no run.*r-zzzzzzzz/i);
      await answerTo('list prod-east', new RegExp(`${run.id}.*copies verified at 2 places`));
    } finally {
      stage.world.cluster.faults.clear();
    }
  });

  it('the plan’s commands that need no cluster run as printed', async (t) => {
    const age = await exec('age', ['--version']).catch(() => undefined);
    if (!need(t, 'age', age)) return;
    const manifest = await manifestBeside('resources');
    const { zStream } = manifest.release;
    const wanted = { zStream, clusterId: undefined, runId: undefined, now: Date.now() };
    const answer = restorePlan([manifest], wanted);
    assert.equal(answer.outcome, 'plan');
    const steps = answer.outcome === 'plan' ? answer.plan.steps.filter(({ where }) => where === 'here') : [];
    const text = await readFile(path.join(directoryOf('resources'), 'RESTORE.md'), 'utf8');
    const commands = steps.filter(({ kind }) => kind !== 'tidy').flatMap((step) => step.commands);
    for (const line of commands) assert.ok(text.includes(line), line);
    const room = await mkdtemp(path.join(tmpdir(), 'restore-room-'));
    t.after(() => rm(room, { recursive: true, force: true }));
    const script = path.join(room, 'plan.sh');
    await writeFile(script, `set -e\n${commands.join('\n')}\n`);
    const env = { PATH: process.env.PATH ?? '', AGE_KEY_FILE: identityFile() };
    const { stdout } = await exec('bash', [script], { cwd: room, env });
    assert.match(stdout, /snapshot: whole/);
    assert.match(stdout, /static pod resources: whole/);
    for (const file of fileKinds) {
      const fetched = path.join(room, `restore-${run.id}`, manifest.files[file].name);
      assert.equal(await sha256Of(fetched), manifest.files[file].sha256);
    }
  });

  it('only the newest directory stays on the node once the next is proven', async () => {
    const next = await backup(stage);
    await assert.rejects(access(onNode(stage, run, run.plan?.directory ?? '')));
    await access(onNode(stage, next.run, next.run.success?.artifacts.snapshot.path ?? ''));
    assert.equal((await stage.run(request)).success?.onNode, 'removed');
    await stage.waitForCard(request, /removed from the node by retention/);
  });

  it('verify names a copy of which one byte changed; card, list and plans know it', async () => {
    const { location } = copyOf(run, 'snapshot');
    const handle = await open(location, 'r+');
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, 5000);
    await handle.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 5000);
    await handle.close();
    const { requester } = stage.world.people;

    const answer = await answerTo(`verify ${run.id}`, /⛔ Not every copy/);

    assert.match(answer, /bytes differ/);
    assert.match(answer, /The original is not on the node any more. Make a new backup/);
    await stage.waitForCard(request, /No usable backup: no verified copy of the etcd snapshot is left/);
    assert.match(await stage.ask(requester, 'list prod-east'), new RegExp(`${run.id}.*no usable backup`));
    await answerTo(`restore-plan ${run.id}`, /No backup of prod-east can be restored/);
  });
});
