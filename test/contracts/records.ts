import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { auditContract } from './records-audit.ts';
import { claimsContract } from './records-claims.ts';
import { configurationContract } from './records-configuration.ts';
import { figuresContract, fleetContract } from './records-fleet.ts';
import { fleetPropertyContract } from './records-fleet-property.ts';
import { importContract } from './records-import.ts';
import { outboxContract } from './records-outbox.ts';
import { placesContract } from './records-places.ts';
import { propertyContract } from './records-property.ts';
import { removalsContract } from './records-removals.ts';
import { requestsContract } from './records-requests.ts';
import { restoresContract } from './records-restores.ts';
import { roomsContract } from './records-rooms.ts';
import { accepted, change, type OpenStore, t0, withStore } from './records-samples.ts';
import { summariesContract } from './records-summaries.ts';
import { watchContract } from './records-watch.ts';
import { watchOutboxContract } from './records-watch-outbox.ts';
import { watchRequestContract } from './records-watch-requests.ts';

/** What every database behind the records must do. `open` makes a fresh, empty store each time. */
export function recordsContract(name: string, open: OpenStore): void {
  suite(`records on ${name}`, () => {
    suite('requests and decisions', () => requestsContract(open));
    suite('claims', () => claimsContract(open));
    suite('outbox', () => {
      outboxContract(open);
      watchOutboxContract(open);
    });
    suite('watches', () => watchContract(open));
    suite('runs of the schedule', () => watchRequestContract(open));
    suite('fleet', () => {
      fleetContract(open);
      fleetPropertyContract(open);
    });
    suite('figures', () => figuresContract(open));
    suite('summaries', () => summariesContract(open));
    suite('places', () => placesContract(open));
    suite('configuration', () => configurationContract(open));
    suite('restore rooms', () => roomsContract(open));
    suite('import', () => importContract(open));
    suite('restores', () => restoresContract(open));
    suite('removals', () => removalsContract(open));
    suite('audit', () => auditContract(open));
    suite('any order', () => propertyContract(open));
    suite('opening and closing', () => lifeContract(open));
  });
}

function lifeContract(open: OpenStore): void {
  test('a probe that works says nothing, again and again, from several openers', () =>
    withStore(open, async ({ records, reopen }) => {
      const other = await reopen();
      for (const now of [t0, t0 + 1]) {
        await Promise.all([records.probe({ now }), other.probe({ now })]);
      }
    }));

  test('closing finishes what was asked before, may be repeated, and ends everything after', () =>
    withStore(open, async ({ records, reopen }) => {
      await accepted(records, 'r-1');
      const last = records.decide({
        runId: 'r-1',
        deliveryId: 'd-1',
        now: t0,
        decision: () => change({ status: 'cancelled' }),
      });
      await Promise.all([records.close(), records.close()]);
      assert.equal((await last).outcome, 'changed');
      await records.close();
      await assert.rejects(records.run('r-1'));
      assert.equal((await (await reopen()).run('r-1'))?.status, 'cancelled');
    }));
}
