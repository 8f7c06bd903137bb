import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { openLog } from '../../src/system/log.ts';

/** Three lines of quotes, backslashes and all that URLs and JSON escape. */
const secret = 'p@ss:w/o#r%d?"quoted"\'s\\\nsecond "line" of it\\';

function written(log: (log: ReturnType<typeof openLog>) => void): readonly string[] {
  const lines: string[] = [];
  const out = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      lines.push(chunk);
      done();
    },
  });
  log(openLog({ level: 'info', secrets: [secret], out }));
  return lines;
}

describe('the log', () => {
  it('takes secrets out of every field, however they are written there, and stays JSON', () => {
    const lines = written((log) => {
      log.info({ said: secret, deep: { list: [`x ${secret}`, JSON.stringify({ a: secret })] } }, secret);
      log.error(
        { err: new Error(`failed: ${secret}`, { cause: new Error(encodeURIComponent(secret)) }) },
        'x',
      );
      log.warn({ [secret]: 1, token: 'any "thing"', headers: { Authorization: 'abc' } }, 'fields');
      log.warn({ pem: '-----BEGIN PRIVATE KEY-----\nMIIE' }, 'a key that has no end');
    });
    assert.equal(lines.length, 4);
    for (const line of lines) {
      assert.match(line, /\n$/);
      const { msg, time } = JSON.parse(line) as { msg: string; time: string };
      assert.ok(msg !== '' && !Number.isNaN(Date.parse(time)), line);
    }
    const all = lines.join('');
    for (const part of ['p@ss', 'quoted', 'second', 'of it', 'thing', 'abc', 'MIIE']) {
      assert.ok(!all.includes(part), `${part} in ${all}`);
    }
    assert.match(all, /"msg":"a key that has no end"/);
  });
});
