import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { compileCache } from '../../sandbox/world.ts';
import type { Manifest } from '../../src/domain/copies/manifest-document.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { backup } from '../support/backups.ts';
import { openStage, type Request, type Stage } from '../support/e2e.ts';

const exec = promisify(execFile);
const program = path.join(import.meta.dirname, '../../src/catalog/main.ts');

let stage: Stage;
let first: { readonly request: Request; readonly run: BackupRun };
let second: typeof first;

before(async () => {
  stage = await openStage();
  first = await backup(stage);
  second = await backup(stage);
  await stage.waitForThread(second.request, /Copy verified:[\s\S]*Copy verified:/);
});

after(() => stage[Symbol.asyncDispose]());

const answer = (text: string, fits: RegExp) => stage.answer(stage.world.people.approver, text, fits);
const chosen = async (text: string) =>
  /Restore prod-east from `?(r-[a-z0-9]{8})/.exec(await answer(text, /Restore prod-east from/))?.[1];

/** What lies beside each copy of this run says so itself. */
async function marksBeside(run: BackupRun): Promise<readonly (string | undefined)[]> {
  const copies = run.success?.copies ?? assert.fail();
  return Promise.all(
    copies.map(async ({ location }) => {
      const text = await readFile(path.join(path.dirname(location), 'manifest.json'), 'utf8');
      return (JSON.parse(text) as Manifest).abandoned?.restoredFrom;
    }),
  );
}

/** The newest proven backup, as coverage goes by. */
const covering = async () => {
  const fleet = await stage.records.fleet({ now: Date.now() });
  return fleet.find(({ cluster }) => cluster === 'prod-east')?.proven.map(({ runId }) => runId);
};

describe('a cluster was restored from an earlier backup', { timeout: 300_000 }, () => {
  it('the newest is what counts, until a person says so and confirms it', async () => {
    assert.deepEqual(await covering(), [second.run.id]);
    assert.equal(await chosen('restore-plan prod-east'), second.run.id);
    const { people } = stage.world;
    const asks = await stage.ask(people.approver, `restored prod-east from=${first.run.id}`);
    assert.match(asks, new RegExp(`Was prod-east restored from .?${first.run.id}`));
    assert.match(asks, new RegExp(`Would be marked: 1 backup.*\\n• .?${second.run.id}`));
    assert.deepEqual(await covering(), [second.run.id], 'nothing is on record yet');
    const refused = await stage.ask(people.viewer, `restored prod-east from=${first.run.id}`);
    assert.match(refused, /takes cluster-admin there/);

    const clicked = await stage.world.click(people.approver, 'restoredConfirm');
    assert.match(
      stage.world.workspace.renderMessage(await clicked.nextPrivate(45_000)),
      /On record: prod-east/,
    );
    await stage.world.reads(people.viewer, /says: prod-east was restored/);
    assert.deepEqual(await covering(), [first.run.id]);
    await stage.waitForCard(second.request, /the cluster was restored from an earlier backup since/);
    await stage.waitForThread(first.request, /said that the cluster was restored from this backup/);
  });

  it('list, restore-plan, ready-to-update and what lies beside the copies say so', async () => {
    assert.match(
      await answer('list prod-east', /Backups of prod-east/),
      new RegExp(
        `${second.run.id}.*of a time line that the cluster left by a restore[\\s\\S]*${first.run.id}`,
      ),
    );
    assert.equal(await chosen('restore-plan prod-east'), first.run.id);
    const named = await answer(`restore-plan ${second.run.id}`, /Restore prod-east from/);
    assert.match(named, /is of a time line that the cluster left:/);
    const age = await answer('ready-to-update prod-east', /4\.16/);
    assert.match(age, new RegExp(first.run.id));
    assert.deepEqual(await marksBeside(second.run), [first.run.id, first.run.id]);
    assert.deepEqual(await marksBeside(first.run), [undefined, undefined]);
  });

  it('records that are rebuilt from the places bear the mark', async () => {
    const { workspace, configFile, dir } = stage.world;
    const file = path.join(dir, 'rebuilt.sqlite');
    const text = await readFile(configFile, 'utf8');
    const other = path.join(dir, 'rebuilt.yaml');
    await writeFile(other, text.replaceAll(stage.world.recordsFile, file));
    const env = {
      ...compileCache,
      PATH: process.env.PATH ?? '',
      HOME: dir,
      SLACK_BOT_TOKEN: workspace.botToken,
      SLACK_APP_TOKEN: workspace.appToken,
    };
    const { stdout } = await exec(process.execPath, [program, 'rebuild', other], { env });
    assert.match(stdout, /2 found, 2 imported, 0 known, 0 skipped/);
    const records = await openSqliteRecords({ file });
    try {
      const [newest, oldest] = await records.runs({ cluster: 'prod-east' });
      assert.deepEqual([newest?.id, oldest?.id], [second.run.id, first.run.id]);
      const mark = (await stage.run(second.request)).abandoned;
      assert.deepEqual([newest?.abandoned, oldest?.abandoned], [mark, undefined]);
      const [restore] = await records.restores('prod-east');
      assert.deepEqual([restore?.from, restore?.revoked], [first.run.id, undefined]);
    } finally {
      await records.close();
    }
  });

  it('it is taken back: everything is as before, also beside the copies', async () => {
    const { people } = stage.world;
    assert.match(await stage.ask(people.approver, 'restored prod-east undo'), /Taken back: that prod-east/);
    await stage.world.reads(people.viewer, /took back that prod-east was restored/);
    assert.deepEqual(await covering(), [second.run.id]);
    assert.equal(await chosen('restore-plan prod-east'), second.run.id);
    assert.deepEqual(await marksBeside(second.run), [undefined, undefined]);
    await stage.waitForCard(second.request, /Backed up/);
    assert.doesNotMatch(stage.card(second.request), /restored from an earlier backup/);
    const { lines, chain } = await stage.records.auditTrail(second.run.id);
    assert.deepEqual(chain, { ok: true });
    assert.deepEqual(
      lines.map(({ action }) => action).filter((action) => /left|line/.test(action)),
      ['left-behind', 'back-on-line'],
    );
    // The button on the first message is an old one now.
    const late = await stage.world.click(people.approver, 'restoredUndo');
    assert.match(
      stage.world.workspace.renderMessage(await late.nextPrivate(45_000)),
      /was taken back already/,
    );
  });
});
