import { knownSecrets } from '../src/domain/redaction/known-secrets.ts';
import { patternRanges } from '../src/domain/redaction/patterns.ts';
import { withoutRanges } from '../src/domain/redaction/ranges.ts';
import { longestRedacted, redact, redactor } from '../src/domain/redaction/redact.ts';

export interface RedactionMeasured {
  /** The piece that the slowest text repeats, for each of the figures. */
  readonly slowest: { readonly bounded: string; readonly patterns: string; readonly known: string };
  /** redact() of the whole text: what the bot does. ms of CPU. */
  readonly boundedMs: number;
  /** All patterns over the whole text, without the bound on one call. */
  readonly patternsMs: number;
  /** The search for known secrets in all their forms over as much as one call takes. */
  readonly knownMs: number;
}

/** Each of them has once been the worst for some pattern, or looks as if it could be. */
const pieces = [
  ...['a.', '-eyJ', 'eyJaaaaaaaaaa.', '://', 'http://a:b', '://@', '@', 'a@', '%3a%2f%2f', 'x@sha256:'],
  ...['password=', 'password="', 'token=\\"', 'token=\\\\\\"secret=\'', 'token>', 'authorization: bearer '],
  ...[
    '-----BEGIN ',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----END PRIVATE KEY-----',
    'LS0tLS1CRUdJTi',
    'sha256~',
  ],
  ...[
    'xoxb-',
    'ticket=',
    'http://',
    'http://a/commands/',
    ' ',
    '\n',
    '-',
    '\\',
    '%',
    '%25',
    '&',
    '&amp;',
    '"',
  ],
];
const secrets = ['p@ss:w/o#r%d"x\'y\nz', 'a.a.a.a.a.b', '-eyJ-eyJ-eyJx', `${'"\\'.repeat(200)}c`];

/** Redacts texts of `bytes` bytes, each one piece over and over, and reports the worst. */
export function measureRedaction({ bytes }: { readonly bytes: number }): RedactionMeasured {
  const clean = redactor(secrets);
  const known = knownSecrets(secrets);
  const worst = (work: (text: string) => unknown) => {
    const times = pieces.map((piece) => {
      const text = piece.repeat(Math.ceil(bytes / piece.length)).slice(0, bytes);
      return { piece, ms: cpuMs(() => work(text)) };
    });
    return times.reduce((a, b) => (b.ms > a.ms ? b : a));
  };
  redact(pieces.join(' ').repeat(1_000));
  const bounded = worst(clean);
  const patterns = worst((text) => withoutRanges(text, patternRanges(text)));
  const search = worst((text) => known.ranges(text.slice(0, longestRedacted)));
  return {
    slowest: { bounded: bounded.piece, patterns: patterns.piece, known: search.piece },
    boundedMs: bounded.ms,
    patternsMs: patterns.ms,
    knownMs: search.ms,
  };
}

/** CPU, not the clock: what else runs on the machine is not counted. */
function cpuMs(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}
