import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { markerText, parseMarker } from '../../../src/domain/copies/place-marker.ts';
import {
  judgePlace,
  type MarkerSeen,
  matchesRecords,
  mayDisprove,
  mayWriteAt,
  type PlaceContents,
} from '../../../src/domain/copies/place-state.ts';

const marker = { id: 'p-aaaabbbbccccdddd', createdAt: 1_795_414_484_000, by: 'etcd-backup' };
const there: MarkerSeen = { kind: 'marker', marker };
const none: MarkerSeen = { kind: 'none' };

function contents(change: Partial<PlaceContents>): PlaceContents {
  return { objects: 0, newestAt: undefined, recorded: 0, found: 0, ...change };
}

describe('whether it is the known place', () => {
  it('is decided by the id on record, where there is one', () => {
    assert.equal(judgePlace(there, marker.id), 'known');
    assert.equal(judgePlace(there, 'p-otherotherother'), 'different');
    assert.equal(judgePlace(none, marker.id), 'absent');
    // Whatever lies there: a copy of the files makes no place of it.
    assert.equal(judgePlace(none, marker.id, contents({ objects: 3, recorded: 3, found: 3 })), 'absent');
  });

  it('where there is none: the marker is taken, or one is written beside what the records have, or where all is empty', () => {
    assert.equal(judgePlace(there, undefined), 'new');
    assert.equal(judgePlace(none, undefined, contents({})), 'new');
    assert.equal(judgePlace(none, undefined, contents({ objects: 9, recorded: 4, found: 4 })), 'new');
    for (const other of [
      contents({ objects: 9, recorded: 4, found: 3 }),
      contents({ objects: 0, recorded: 4, found: 0 }),
      contents({ objects: 1 }),
    ]) {
      assert.equal(judgePlace(none, undefined, other), 'adopt-needed', JSON.stringify(other));
      assert.equal(matchesRecords(other), false);
    }
    assert.equal(judgePlace(none, undefined), 'adopt-needed', 'what was not listed does not match');
  });

  it('is not known of a place that did not answer, or whose marker is none', () => {
    for (const kind of ['unreachable', 'unreadable'] as const) {
      assert.equal(judgePlace({ kind, detail: 'x' }, marker.id), kind);
      assert.equal(judgePlace({ kind, detail: 'x' }, undefined), kind);
    }
  });

  it('keeps a directory from being written to, not a bucket; and a finding there from holding against a copy', () => {
    for (const state of ['absent', 'different', 'adopt-needed', 'unreadable'] as const) {
      assert.equal(mayWriteAt('directory', state), false);
      assert.equal(mayWriteAt('bucket', state), true);
      for (const kind of ['directory', 'bucket'] as const) {
        assert.equal(mayDisprove(kind, state, true), false, `${kind} ${state}: not found is not gone`);
      }
      assert.equal(mayDisprove('directory', state, false), false);
    }
    assert.equal(mayDisprove('bucket', 'absent', false), true, 'its bytes were read, and are wrong');
    assert.equal(mayDisprove('bucket', 'different', false), false, 'those are the bytes of another place');
    assert.equal(mayDisprove('bucket', 'unreachable', true), false);
    assert.ok(mayDisprove('directory', 'known', true) && mayWriteAt('directory', 'known'));
  });
});

describe('the marker', () => {
  it('comes back as it was written', () => {
    assert.deepEqual(parseMarker(markerText(marker)), marker);
  });

  it('of a later release counts by its id; anything else is none', () => {
    const later = { schema: 'etcd-backup-destination/7', id: marker.id, more: [1] };
    assert.equal(parseMarker(JSON.stringify(later))?.id, marker.id);
    for (const text of [
      '',
      '[]',
      'null',
      '{"id":"p-aaaabbbbccccdddd"}',
      markerText(marker).slice(0, 60),
      markerText({ ...marker, id: '../x' }),
    ]) {
      assert.equal(parseMarker(text), undefined, text);
    }
  });
});
