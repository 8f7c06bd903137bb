import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { outputTail, parseScriptOutput, scriptFailure } from '../../src/domain/backup/script-output.ts';
import { exportedNoProxy, noProxyCovers } from '../../src/domain/network/no-proxy.ts';
import { redact, redactor } from '../../src/domain/redaction/redact.ts';
import { lastLine } from '../../src/drill/run-tool.ts';
import { readVersion } from '../../src/drill/tool-answers.ts';
import { clientFailure, neverStarted } from '../../src/openshift/client/client-failure.ts';
import { slackFailure } from '../../src/slack/client/slack-failure.ts';
import { parseCommand } from '../../src/slack/input/command-text.ts';
import { code, codeBlock, cutMarkup, outside, plainText } from '../../src/slack/messages/kit/markup.ts';

const length = 128 * 1024;
/** Quadratic time for so long a text is ten seconds and more; all of these take some hundredths. CPU time, not the clock. */
const longestMs = 1_500;

const clean = redactor(['p@ss"w\\ord', 'a.a.a.a.b', '-eyJ-eyJx']);
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  redact,
  'redact with known secrets': clean,
  parseScriptOutput,
  'scriptFailure of stdout': (text) =>
    scriptFailure({ exitCode: 1, stdout: text, stderr: '', directory: '/d', scriptPath: '/s' }),
  outputTail: (text) => outputTail({ stdout: text, stderr: text }),
  neverStarted,
  clientFailure: (text) => clientFailure({ kind: 'client-failed', stdout: '', stderr: text }, 'look'),
  noProxyCovers: (text) => noProxyCovers(text, '10.0.0.1'),
  exportedNoProxy: (text) => exportedNoProxy(text, '10.0.0.1'),
  lastLine,
  readVersion,
  parseCommand,
  outside,
  code,
  codeBlock: (text) => codeBlock([text, ...text.split('\n')]),
  plainText: (text) => plainText(text, 150),
  cutMarkup: (text) => cutMarkup(text, 3_000),
  slackFailure: (text) => slackFailure(new Error(text)),
};

const units = [
  ...[
    'a.',
    '-eyJ',
    'eyJaaaaaaaaaa.',
    '://',
    'http://a:b',
    '://@',
    '@',
    'password=',
    'password="',
    'token=\\"',
  ],
  ...[
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----BEGIN ',
    '-----END PRIVATE KEY-----',
    'LS0tLS1CRUdJTi',
    'sha256~',
  ],
  ...[
    ' ',
    '\n',
    '\r',
    '\t',
    '`',
    '/',
    '\\',
    '%',
    '&',
    '%25',
    '&amp;',
    '\\u0022',
    '"',
    "'",
    '[]:',
    ']:',
    '\u001b[',
  ],
  ...[
    'Certificate ',
    'Certificate a',
    'unable to upgrade connection: container ',
    'found latest a-',
    '1.1.1',
  ],
  ...[
    'Unknown stream id 1',
    'command terminated with exit code 1 ',
    'etcdctl version: 1.1.1',
    '--a-',
    'Ａ',
    '\ud800',
  ],
];

describe('text from outside', { timeout: 600_000 }, () => {
  for (const [name, read] of Object.entries(readers)) {
    it(`is read by ${name} in time, whatever it is made of`, () => {
      for (const unit of units) {
        for (const [start, end] of [
          ['', ''],
          ['a', '\u0001'],
          ['Certificate ', '\nx'],
          ['[', '\nx'],
        ] as const) {
          const text = start + unit.repeat(Math.ceil(length / unit.length)) + end;
          const from = process.cpuUsage();
          read(text);
          const { user, system } = process.cpuUsage(from);
          const ms = (user + system) / 1_000;
          assert.ok(ms < longestMs, `${name} took ${ms} ms for ${JSON.stringify([start, unit, end])}`);
        }
      }
    });
  }
});
