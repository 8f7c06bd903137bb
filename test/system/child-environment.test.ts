import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { clientEnvironmentOfProcess } from '../../src/config/build/process.ts';
import { drill } from '../../src/drill/drill.ts';
import { findEtcdTools } from '../../src/drill/find-etcd.ts';
import { runTool } from '../../src/drill/run-tool.ts';
import { runClient } from '../../src/openshift/client/client-process.ts';
import { readRemoteFile } from '../../src/openshift/node/remote-file.ts';

const probe = 'xoxb-never-in-a-child';
const never = new AbortController().signal;
let dir: string;
let printEnvironment: string;

before(async () => {
  process.env.SLACK_BOT_TOKEN = probe;
  process.env.SLACK_APP_TOKEN = probe;
  dir = await mkdtemp(path.join(tmpdir(), 'child-environment-'));
  printEnvironment = path.join(dir, 'print-environment');
  await writeFile(printEnvironment, '#!/bin/sh\n/usr/bin/env\n');
  await chmod(printEnvironment, 0o755);
});
after(async () => {
  delete process.env.SLACK_BOT_TOKEN;
  delete process.env.SLACK_APP_TOKEN;
  await rm(dir, { recursive: true, force: true });
});

const client = () => ({ path: printEnvironment, args: [], env: clientEnvironmentOfProcess() });

test('oc or kubectl sees the way to the cluster and no token of the bot', async () => {
  const outcome = await runClient(client(), [], { deadlineMs: 20_000 });
  assert.ok(outcome.kind === 'ended' && outcome.exitCode === 0, JSON.stringify(outcome));
  assert.match(outcome.stdout, /^PATH=/m);
  assert.doesNotMatch(outcome.stdout, /xoxb|SLACK_/);
});

test('the client that reads a file of the node sees none either', async () => {
  const chunks: Uint8Array[] = [];
  const pod = { namespace: 'n', pod: 'p', container: 'c' };
  const options = { stallMs: 20_000, signal: never };
  for await (const chunk of readRemoteFile(client(), pod, '/x', options)) chunks.push(chunk);
  const printed = Buffer.concat(chunks).toString('utf8');
  assert.match(printed, /^PATH=/m);
  assert.doesNotMatch(printed, /xoxb|SLACK_/);
});

test('the programs of a drill see none', async () => {
  const { stdout } = await runTool(printEnvironment, [], { dir, signal: never });
  assert.match(stdout, /^ETCDCTL_API=3$/m);
  assert.doesNotMatch(stdout, /xoxb|SLACK_/);
});

const tools = findEtcdTools(process.env.PATH ?? '');

test('no process of a real drill holds one, the shell that watches over etcd included', {
  skip: tools === undefined && 'etcd is not installed',
  timeout: 180_000,
}, async () => {
  assert.ok(tools);
  const snapshotFile = path.join(dir, 'snapshot.db');
  const fixture = new URL('../fixtures/snapshot/snapshot_etcd-3.5.16.db.gz', import.meta.url);
  await writeFile(snapshotFile, gunzipSync(await readFile(fixture)));
  const room = path.join(dir, 'room');
  await mkdir(room);
  const expected = { hash: 2207365705, revision: 61, totalKey: 66, totalSize: 36864, version: undefined };
  const seen = new Map<string, string>();
  const looking = setInterval(() => void look(seen), 10);
  try {
    const deadlineMs = 120_000;
    const input = { tools, snapshotFile, expected, scriptEtcdVersion: '3.5.16', dir: room, deadlineMs };
    await drill({ ...input, signal: never });
  } finally {
    clearInterval(looking);
  }
  const shells = [...seen.keys()].filter((line) => line.startsWith('/bin/sh'));
  assert.ok(shells.length > 0, `the watching shell was seen: ${[...seen.keys()].join(' | ')}`);
  const withTokens = [...seen].filter(([, environment]) => environment.includes(probe));
  assert.deepEqual(
    withTokens.map(([line]) => line),
    [],
  );
});

/** Command line and environment of each process that this one has started, and of what those started. */
function look(seen: Map<string, string>, of = 'self'): void {
  const threads = listed(`/proc/${of}/task`);
  const children = threads.flatMap((thread) => text(`/proc/${of}/task/${thread}/children`).split(' '));
  for (const pid of children.filter((each) => each !== '')) {
    look(seen, pid);
    const line = text(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
    // Between fork and exec a child still shows what its parent is.
    if (line === '' || line.startsWith(process.execPath)) continue;
    seen.set(line, text(`/proc/${pid}/environ`));
  }
}

function listed(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** A process may be gone by now. */
function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
