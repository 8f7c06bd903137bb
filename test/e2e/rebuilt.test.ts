import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { compileCache, until } from '../../sandbox/world.ts';
import { markerKey, parseMarker } from '../../src/domain/copies/place-marker.ts';
import { manifestOf } from '../../src/domain/restore/manifest.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { verifyAuditChain } from '../../src/records/runs/audit-hash.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { backup } from '../support/backups.ts';
import { openStage, type Request, type Stage } from '../support/e2e.ts';

const exec = promisify(execFile);
const program = path.join(import.meta.dirname, '../../src/catalog/main.ts');

let stage: Stage;
let request: Request;
let run: BackupRun;

before(async () => {
  stage = await openStage();
  ({ request, run } = await backup(stage));
  await stage.waitForThread(request, /Copy verified:[\s\S]*Copy verified:/);
});

after(() => stage[Symbol.asyncDispose]());

async function catalog(...args: readonly string[]): Promise<string> {
  const { workspace, configFile, dir } = stage.world;
  const env = {
    ...compileCache,
    PATH: process.env.PATH ?? '',
    HOME: dir,
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_APP_TOKEN: workspace.appToken,
  };
  const [command = '', ...flags] = args;
  const { stdout } = await exec(process.execPath, [program, command, configFile, ...flags], { env });
  return stdout;
}

function places(): readonly string[] {
  const { destinations } = stage.world.offCluster ?? assert.fail();
  return [destinations['nas-1'], destinations.vault];
}

/** The answers that people get, without how long ago it was and when the watch last looked. */
async function answers(): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const [text, fits] of [
    ['list prod-east', /Backups of prod-east/],
    ['restore-plan prod-east', /Restore prod-east from/],
    [`restore-plan ${run.id}`, /Restore prod-east from/],
    [`show ${run.id}`, /Run r-|snapshot/],
  ] as const) {
    const answer = await answerTo(text, fits);
    texts.push(
      answer
        .replaceAll(/\d+ (?:s|min|h|d) ago/g, 'some time ago')
        .replace(/(bot last saw (?:it|the cluster on [\d.]+)), [\d-]+ [\d:]+/, '$1'),
    );
  }
  return texts;
}

/** The sentence, not the file that comes along. */
function answerTo(text: string, fits: RegExp): Promise<string> {
  return stage.answer(stage.world.people.requester, text, fits);
}

/** Both documents say it down to the second; findings and what the script took are in no manifest. */
function asTheManifestTells(run: BackupRun) {
  const { startedAt, success, ...rest } = run;
  const { artifacts, copies } = success ?? assert.fail('it succeeded');
  const { cluster, requester, reason, emergency, status, card, votes } = rest;
  return {
    ...{
      cluster,
      requester,
      reason,
      emergency,
      status,
      card,
      artifacts,
      copies: copies?.map(lasting),
      manifest: manifestOf(run),
    },
    approvers: votes.map(({ person }) => person),
    startedAt: Math.floor((startedAt ?? 0) / 1000),
  };
}

function lasting<Copy extends { stored: { at: number } | undefined }>(copy: Copy) {
  return { ...copy, stored: copy.stored && { ...copy.stored, at: undefined } };
}

describe('the records are lost', { timeout: 180_000 }, () => {
  it('and are rebuilt from the destinations alone: the bot gives the same answers as before', async () => {
    const before = await answers();
    const markers = await Promise.all(places().map((place) => readFile(path.join(place, markerKey), 'utf8')));
    await stage.bot.stop();
    for (const end of ['', '-wal', '-shm']) await rm(`${stage.world.recordsFile}${end}`, { force: true });

    const output = await catalog('rebuild');
    assert.match(
      output,
      new RegExp(`^imported {2}${run.id} .*snapshot .* copy verified .*resources .* copy verified`, 'm'),
    );
    assert.match(output, /1 found, 1 imported, 0 known, 0 skipped/);
    assert.match(await catalog('rebuild'), /1 found, 0 imported, 1 known, 0 skipped/);

    await stage.restart();
    await until('the watch to have seen the cluster', async () => {
      const plan = await answerTo('restore-plan prod-east', /Restore prod-east from/);
      return plan.includes('when the bot last saw it');
    });
    const after = await answers();
    assert.deepEqual(after.slice(0, 3), before.slice(0, 3));
    assert.deepEqual(inTheManifest(after[3]), inTheManifest(before[3]));

    const records = await openSqliteRecords({ file: stage.world.recordsFile });
    try {
      // The places keep their ids: the bot took them from the markers, and rewrote none.
      for (const [index, name] of ['nas-1', 'vault'].entries()) {
        const known = await until(`${name} to be known`, () => records.place(name));
        assert.equal(known.id, parseMarker(markers[index] ?? '')?.id);
        assert.deepEqual(
          (await records.placeAudit(name)).lines.map(({ action }) => action),
          ['taken'],
        );
      }
      assert.deepEqual(
        await Promise.all(places().map((place) => readFile(path.join(place, markerKey), 'utf8'))),
        markers,
      );
      const rebuilt = (await records.run(run.id)) ?? assert.fail('it is on record');
      assert.deepEqual(asTheManifestTells(rebuilt), asTheManifestTells(run));
      const lines = await records.auditLines(run.id);
      assert.deepEqual(verifyAuditChain(lines), { ok: true });
      // What was rebuilt may be looked at for newer steps by now; nothing is written where each place has them.
      assert.deepEqual(
        lines.map(({ action }) => action).filter((action) => action !== 'papers-due'),
        ['succeeded', 'imported'],
      );
    } finally {
      await records.close();
    }
  });

  it('a rebuilt run is read back again, and its own thread is notified', async () => {
    await answerTo(`verify ${run.id}`, /✅ Both copies of .* were read back just now/s);
    await stage.waitForThread(
      request,
      /Copy verified:[\s\S]*Copy verified:[\s\S]*Copy verified:[\s\S]*Copy verified:/,
    );
  });

  it('list and prune --dry-run need no records, and prune without it deletes nothing', async () => {
    await rm(stage.world.recordsFile, { force: true });
    assert.match(await catalog('list'), new RegExp(`^${run.id} `, 'm'));
    assert.match(
      await catalog('prune', '--dry-run'),
      /dry run: this command never deletes anything, 0 skipped/,
    );
    await assert.rejects(catalog('prune'), /prune deletes nothing: the bot itself removes old backups/);
    await assert.rejects(readFile(stage.world.recordsFile), /ENOENT/);
    for (const copy of run.success?.copies ?? []) await readFile(copy.location);
  });
});

/** `show` without what no manifest holds: how long things took, what the run warned of, and the findings at its end. */
function inTheManifest(answer: string | undefined): readonly string[] {
  const lines = (answer ?? '').split('\n');
  const plan = lines.findIndex((line) => line.startsWith('Topology'));
  assert.ok(plan > 20, answer);
  return lines.slice(0, plan + 1).filter((line) => !/the run took|^Over at/.test(line));
}
