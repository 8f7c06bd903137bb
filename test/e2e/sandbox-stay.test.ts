import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { restoreLacks } from '../../sandbox/demos/restore-demo.ts';
import { until } from '../../sandbox/world.ts';
import { need } from '../support/need.ts';
import { type SandboxProcess, startSandbox } from '../support/sandbox-process.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const timeout = 300_000;

/** Until a file of this name lies anywhere in what the sandbox made. */
async function untilMade(sandbox: SandboxProcess, name: string): Promise<void> {
  let over = false;
  void sandbox.ended.then(() => {
    over = true;
  });
  await until(`${name} in the sandbox's directory`, async () => {
    assert.equal(over, false, `it ended too soon:\n${sandbox.out()}${sandbox.err()}`);
    const names = await readdir(sandbox.temporary, { recursive: true }).catch(() => []);
    return names.some((each) => path.basename(each) === name);
  });
}

describe('what the sandbox leaves on the machine', { timeout }, () => {
  it('nothing after a demo, which says how to keep its files', async (t) => {
    const sandbox = await startSandbox(t, ['--demo']);
    assert.deepEqual(await sandbox.ended, [0, null], sandbox.err());
    assert.match(sandbox.out(), /With --dir=DIRECTORY everything is kept/);
    assert.doesNotMatch(sandbox.out(), /lie on this disk/);
    await sandbox.leavesNothing();
  });

  for (const [words, file, signal, code] of [
    [['--demo'], 'bot.log', 'SIGINT', 130],
    [['--demo=upgrade', '--json'], 'config.yaml', 'SIGTERM', 143],
    [['--demo=restore'], 'lost-cluster', 'SIGHUP', 129],
    [['--demo=faults'], 'records.sqlite', 'SIGINT', 130],
    [['--terminal'], 'config.yaml', 'SIGTERM', 0],
    [[], 'bot.log', 'SIGHUP', 0],
  ] as const) {
    it(`nothing after ${signal} in the middle of ${words.join(' ') || 'the page'}`, async (t) => {
      const lacks = words[0] === '--demo=restore' ? restoreLacks() : undefined;
      if (!need(t, lacks ?? '', lacks === undefined)) return;
      const sandbox = await startSandbox(t, words);
      await untilMade(sandbox, file);
      // npm hands on a ^C that the terminal has sent already.
      sandbox.child.kill(signal);
      sandbox.child.kill(signal);
      assert.deepEqual(await sandbox.ended, [code, null], sandbox.err());
      assert.equal(sandbox.err(), '');
      await sandbox.leavesNothing();
    });
  }

  it('nothing after an error that no one caught: its reader is gone', async (t) => {
    const sandbox = await startSandbox(t, ['--terminal']);
    await sandbox.reads(/quit +ends/);
    sandbox.child.stdout?.destroy();
    sandbox.type('help\n');
    const [code] = await sandbox.ended;
    assert.equal(code, 1);
    assert.match(sandbox.err(), /EPIPE/);
    await sandbox.leavesNothing();
  });

  it('everything in a directory that people name', async (t) => {
    const dir = path.join(await temporaryDirectory(t), 'new');
    const sandbox = await startSandbox(t, ['--terminal', `--dir=${dir}`]);
    await sandbox.reads(/quit +ends/);
    sandbox.type('quit\n');
    assert.deepEqual(await sandbox.ended, [0, null], sandbox.err());
    assert.ok(sandbox.out().endsWith(`Everything is still in ${dir}\n`), sandbox.out());
    assert.ok((await readdir(dir)).includes('bot.log'));
    await sandbox.leavesNothing();
  });
});

describe('what the sandbox refuses', { timeout }, () => {
  it('a directory that is not empty, and touches nothing in it', async (t) => {
    const dir = await temporaryDirectory(t);
    await mkdir(path.join(dir, 'a folder'));
    for (const name of ['b', 'c', 'd', 'e']) await writeFile(path.join(dir, name), '');
    for (const words of [[], ['--terminal'], ['--demo'], ['--demo=faults']]) {
      const sandbox = await startSandbox(t, [...words, `--dir=${dir}`]);
      assert.deepEqual(await sandbox.ended, [2, null], sandbox.out());
      const said = `--dir=${dir} is not empty: it holds a folder, b, c, and 2 more. Name an empty directory`;
      assert.ok(sandbox.err().startsWith(said), sandbox.err());
      assert.equal((await readdir(dir)).length, 5);
      await sandbox.leavesNothing();
    }
  });

  it('a directory that is a file', async (t) => {
    const file = path.join(await temporaryDirectory(t), 'file');
    await writeFile(file, '');
    const sandbox = await startSandbox(t, ['--demo', `--dir=${file}`]);
    assert.deepEqual(await sandbox.ended, [2, null]);
    assert.match(sandbox.err(), /^--dir=.*file cannot be used: EEXIST/);
  });

  for (const demo of [undefined, 'story', 'upgrade', 'restore', 'faults'])
    it(`a language that it does not speak, before it starts ${demo ?? 'the page'}`, async (t) => {
      const sandbox = await startSandbox(t, ['--lang=de', ...(demo === undefined ? [] : [`--demo=${demo}`])]);
      assert.deepEqual(await sandbox.ended, [2, null]);
      assert.match(sandbox.err(), /^--lang is en or ko, not “de”\n/);
      await sandbox.leavesNothing();
    });

  it('the faults in a language that their sentences are not compared in', async (t) => {
    const sandbox = await startSandbox(t, ['--lang=ko', '--demo=faults']);
    assert.deepEqual(await sandbox.ended, [2, null]);
    assert.match(sandbox.err(), /^--demo=faults speaks en alone, not ko/);
  });
});

describe('the prompt in a terminal', { timeout }, () => {
  it('says who one is, completes labels, keeps what is typed, shows one clock, and ends at ^C', async (t) => {
    const hourInBerlin = () =>
      new Date().toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' }).slice(0, 2);
    const before = hourInBerlin();
    const sandbox = await startSandbox(t, ['--terminal'], { inTerminal: true });
    await sandbox.reads(/All clocks show the time of Europe\/Berlin/);
    await sandbox.reads(/@requester> /);
    // A Tab among other keys is no Tab but pasted text.
    const completes = async (begun: string, whole: string) => {
      sandbox.type(begun);
      await sandbox.reads(new RegExp(begun));
      sandbox.type('\t');
      await sandbox.reads(new RegExp(whole.slice(begun.length)));
    };
    await completes('as app', 'as approver');
    sandbox.type('\r');
    await sandbox.reads(/@approver> /);
    await completes('as req', 'as requester');
    sandbox.type('\r');
    await sandbox.reads(/@requester> /);

    // The answer is printed above what is typed meanwhile.
    sandbox.type('/etcd-backup run prod-east\rcli');
    await sandbox.reads(/\[Approve\] \[Reject\][\s\S]*@requester> cli/);
    const shown = new RegExp(
      `(${before}|${hourInBerlin()}):\\d\\d:\\d\\d {2}@requester in #platform-prod types`,
    );
    assert.match(sandbox.out(), shown);
    assert.doesNotMatch(sandbox.out(), /Seoul|UTC/);

    await completes('ck App', 'ck Approve');
    sandbox.type('\r');
    await sandbox.reads(/own request/);
    sandbox.type('click\r');
    await sandbox.reads(/@requester> .*click\s+\S*\[Approve\] \[Reject\] \[Cancel request\]/);
    await completes('click Rej', 'click Reject');

    sandbox.type('\x03');
    const [code] = await sandbox.ended;
    assert.equal(code, 0, sandbox.out());
    await sandbox.leavesNothing();
  });

  it('lists what a form offers, and sends what was chosen', async (t) => {
    const sandbox = await startSandbox(t, ['--terminal']);
    await sandbox.reads(/quit +ends/);
    sandbox.type('choose master-1\n');
    await sandbox.reads(/No form is open/);
    sandbox.type('home\n');
    await sandbox.reads(/\[Back up…\]/);
    sandbox.type('home Back up\n');
    await sandbox.reads(/Proposed: master-/);
    sandbox.type('choose\n');
    await sandbox.reads(/\[master-0\] \[master-1\] \[master-2\]/);
    sandbox.type('choose master-9\n');
    await sandbox.reads(/The form offers no “master-9”\. It offers: .*\[master-1\]/);
    sandbox.type('choose master-1\n');
    await sandbox.reads(/Chosen: master-1/);
    sandbox.type('submit by hand\n');
    await sandbox.reads(/master-1/);
    await sandbox.reads(/“by hand”/);
    sandbox.type('home Nothing\n');
    await sandbox.reads(/no button “Nothing”\. It has: .*\[Details\]/);
    sandbox.type('quit\n');
    assert.deepEqual(await sandbox.ended, [0, null], sandbox.err());
    await sandbox.leavesNothing();
  });
});
