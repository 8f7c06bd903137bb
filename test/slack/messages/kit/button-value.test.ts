import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buttonValue, parseButtonValue } from '../../../../src/slack/messages/index.ts';

const id = fc.string({
  unit: fc.constantFrom(...'abcdefghjkmnpqrstuvwxyz0123456789'),
  minLength: 8,
  maxLength: 8,
});

test('what a button carries comes back as it was', () => {
  fc.assert(
    fc.property(id, fc.nat({ max: 999_999_999 }), (name, planRevision) => {
      const run = { id: `r-${name}`, planRevision };
      assert.deepEqual(parseButtonValue(buttonValue(run)), { runId: run.id, planRevision });
      assert.deepEqual(parseButtonValue(run.id), { runId: run.id });
    }),
  );
  assert.equal(buttonValue({ id: 'r-k7m2p9qx', planRevision: 2 }), 'r-k7m2p9qx.2');
});

test('every other text is no value of ours', () => {
  const edited = [
    '',
    'r-k7m2p9qx.',
    'r-k7m2p9qx.-1',
    'r-k7m2p9qx.01',
    'r-k7m2p9qx.1e3',
    'r-k7m2p9qx.1.1',
    'r-k7m2p9qx.１',
    'r-k7m2p9qx.9999999999',
    'r-k7m2p9qx .1',
    'r-k7m2p9qx.1\n',
    ' r-k7m2p9qx',
    'R-k7m2p9qx',
    'r-k7m2p9q',
    "r-k7m2p9qx' or 1=1",
    '{"runId":"r-k7m2p9qx"}',
    '__proto__',
  ];
  for (const text of edited) assert.equal(parseButtonValue(text), undefined, JSON.stringify(text));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const parsed = parseButtonValue(text);
      if (parsed) assert.match(text, /^r-[0-9a-z]{8}(\.\d{1,9})?$/);
    }),
  );
});
