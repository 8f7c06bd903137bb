import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneLine } from '../../../src/domain/text/one-line.ts';

test('breaks, control characters and signs that turn the direction of a text become one space', () => {
  assert.equal(oneLine(' a\r\n\tb\u0000\u001b[31mc\u202e\u200bd\n'), 'a b [31mc d');
});

test('is cut to what is wanted, without white space at its start', () => {
  assert.equal(oneLine('\n\nno such bucket', 7), 'no such');
  assert.equal(oneLine(' \n '), '');
});
