import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { need } from '../support/need.ts';

const timeout = 600_000;
const project = fileURLToPath(new URL('../..', import.meta.url));

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const file = {
  path: z.string().startsWith('/home/core/assets/backup/'),
  size: z.int().positive(),
  sha256: hex,
};
/** What `--demo --json` promises to print. */
const demoOutput = z.strictObject({
  run: z.strictObject({
    id: z.string().regex(/^r-[a-z0-9]{8}$/),
    status: z.literal('succeeded'),
    zStream: z.string().regex(/^\d+\.\d+\.\d+$/),
    node: z.string().min(1),
  }),
  artifacts: z.strictObject({
    snapshot: z.strictObject({ ...file, revision: z.int().positive(), keys: z.int().positive() }),
    resources: z.strictObject(file),
  }),
  copies: z
    .array(
      z.strictObject({
        file: z.enum(['snapshot', 'resources']),
        destination: z.string().min(1),
        location: z.string().startsWith('/'),
        size: z.int().positive(),
        sha256: hex,
        storedSha256: hex,
        proven: z.literal(true),
      }),
    )
    .length(2),
  // Where no etcdutl or etcdctl is at hand there is no drill.
  drill: z
    .strictObject({ revision: z.int().positive(), keys: z.int().positive(), ok: z.literal(true) })
    .optional(),
  thread: z.array(z.string().min(1)).min(5),
  card: z.array(z.looseObject({ type: z.string() })).min(1),
  dir: z.string().startsWith('/'),
  real: z.strictObject({ etcd: z.boolean(), client: z.string().min(1) }),
});

interface Terminal {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  type(line: string): void;
  /** Waits until this was printed after what was waited for before. */
  reads(fits: RegExp): Promise<string>;
  ended: Promise<number | null>;
}

async function openTerminal(t: TestContext, words: readonly string[]): Promise<Terminal> {
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-terminal-'));
  const child = spawn(process.execPath, ['sandbox/main.ts', `--dir=${dir}`, ...words], {
    cwd: project,
    // A group of its own: a test that fails ends the bot and etcd together with the sandbox.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  t.after(async () => {
    const { pid } = child;
    if (pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-pid, 'SIGKILL');
    await ended;
    await rm(dir, { recursive: true, force: true });
  });
  let [out, err, readTo] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    err += chunk;
  });
  return {
    child,
    out: () => out,
    err: () => err,
    type: (line) => void child.stdin.write(`${line}\n`),
    async reads(fits) {
      for (;;) {
        const found = fits.exec(out.slice(readTo));
        if (found) {
          readTo += found.index + found[0].length;
          return found[0];
        }
        await Promise.race([
          once(child.stdout, 'data'),
          ended.then(() => assert.fail(`ended without ${fits}:\n${out}${err}`)),
        ]);
      }
    },
    ended,
  };
}

describe('npm run sandbox', { timeout }, () => {
  it('refuses a language that it does not speak', async (t) => {
    const terminal = await openTerminal(t, ['--lang=de']);
    assert.equal(await terminal.ended, 2);
    assert.match(terminal.err(), /^--lang is en or ko, not “de”\n/);
  });

  it('--demo --json prints one JSON object, and everybody can check the files that it names', async (t) => {
    const terminal = await openTerminal(t, ['--demo', '--json']);

    assert.equal(await terminal.ended, 0, terminal.err());

    const said = demoOutput.parse(JSON.parse(terminal.out()));
    for (const { path: place, size, sha256 } of Object.values(said.artifacts)) {
      const bytes = await readFile(path.join(said.dir, place));
      assert.equal(bytes.length, size);
      assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
      assert.ok(
        said.thread.some((text) => text.includes(place) && text.includes(sha256)),
        place,
      );
    }
    for (const copy of said.copies) {
      const stored = await readFile(copy.location);
      assert.equal(createHash('sha256').update(stored).digest('hex'), copy.storedSha256);
      assert.equal(copy.sha256, said.artifacts[copy.file].sha256);
    }
    assert.equal(said.copies[0]?.storedSha256, said.artifacts.snapshot.sha256);
    if (said.real.etcd) assert.equal(said.drill?.revision, said.artifacts.snapshot.revision);
    const { snapshot, resources } = said.artifacts;
    assert.equal(path.dirname(snapshot.path), path.dirname(resources.path));
    const bytes = await readFile(path.join(said.dir, snapshot.path));
    assert.equal(bytes.length % 512, 32);
    const body = createHash('sha256').update(bytes.subarray(0, -32)).digest();
    assert.deepEqual(bytes.subarray(-32), body, 'the trailer is the digest of all bytes before it');
    assert.match(JSON.stringify(said.card), new RegExp(said.run.id));
    need(t, 'etcd', said.real.etcd);
    need(t, 'kubectl or oc', !said.real.client.startsWith('stand-in'));
  });

  it('lets a person play: an update, a backup, the Home tab', async (t) => {
    const terminal = await openTerminal(t, ['--terminal']);
    await terminal.reads(/quit +ends/);
    await update(terminal);
    await backUp(terminal);
    await useHome(terminal);
    terminal.type('quit');

    assert.equal(await terminal.ended, 0);
    assert.equal(terminal.err(), '');
  });
});

/** Versions that no cluster would be sent to are refused. */
async function update(terminal: Terminal): Promise<void> {
  terminal.type('upgrade');
  await terminal.reads(/Which version\? For example: upgrade 4\.16\.9/);
  terminal.type('upgrade 4.16');
  await terminal.reads(/“4\.16” is no version with three numbers/);
  terminal.type('upgrade 4.18.1');
  await terminal.reads(/One minor release at a time/);

  terminal.type('upgrade 4.16.9');
  await terminal.reads(/(?:about to be|being) updated without a fresh backup: 4\.16\.8 → 4\.16\.9/);
  await terminal.reads(/the cluster: Working towards 4\.16\.9: \d+ of 860 done/);
  await terminal.reads(/the cluster: Cluster version is 4\.16\.9/);
  await terminal.reads(/was updated, and no fresh backup restores it: 4\.16\.8 → 4\.16\.9/);
  terminal.type('upgrade 4.16.9');
  await terminal.reads(/The cluster runs 4\.16\.9 already/);
  terminal.type('click Not needed, because …');
  await terminal.reads(/a modal opens/);
  terminal.type('submit it is a lab');
  await terminal.reads(/the modal closed/);
  // A line of the terminal may end in between.
  await terminal.reads(/“it is[\s│]+a lab”/);
}

/** A request, other people, an approval. */
async function backUp(terminal: Terminal): Promise<void> {
  terminal.type('/etcd-backup run prod-east');
  await terminal.reads(/\[Approve\]/);
  terminal.type('click Approve');
  await terminal.reads(/own request/);
  terminal.type('as jane');
  await terminal.reads(/There is no person “jane”/);
  terminal.type('as approver');
  terminal.type('click Approve');
  await terminal.reads(/@approver in #platform-prod clicks \[Approve\]/);
  await terminal.reads(/Backed up in/);
  await terminal.reads(/The backup of prod-east is complete/);
  terminal.type('click Approve');
  await terminal.reads(/No message that you see has a button “Approve”/);
}

/** The next backup is asked for from there. */
async function useHome(terminal: Terminal): Promise<void> {
  terminal.type('as requester');
  terminal.type('home Check');
  await terminal.reads(/type “home” first/);
  terminal.type('home');
  await terminal.reads(/@requester opens the app's Home tab/);
  await terminal.reads(
    /1 cluster, those in need first[\s\S]*prod-east[\s\S]*\[Back up…\] \[Check\] \[Details\]/,
  );
  terminal.type('home Check prod-east');
  await terminal.reads(/Check of prod-east/);
  terminal.type('close');
  await terminal.reads(/the modal closed/);
  terminal.type('home Stop');
  await terminal.reads(/no button “Stop”/);
  terminal.type('home Back up');
  await terminal.reads(/Proposed: master-/);
  terminal.type('submit from the board');
  await terminal.reads(/requested by @requester: “from the board”/);
}
