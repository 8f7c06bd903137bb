import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Command,
  commandWords,
  maxCommandLength,
  parseCommand,
} from '../../../src/slack/input/command-text.ts';

function command(text: string): Command {
  const parsed = parseCommand(text);
  assert.ok(parsed.ok, `${text} → ${JSON.stringify(parsed)}`);
  return parsed.command;
}

function problem(text: string) {
  const parsed = parseCommand(text);
  assert.ok(!parsed.ok, `${text} → ${JSON.stringify(parsed)}`);
  return parsed.problem;
}

/** As Slack escapes what a person typed. */
function slackText(typed: string): string {
  return typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const nothing = { cluster: undefined, node: undefined, reason: undefined, emergency: undefined };

describe('command text', () => {
  it('without words asks for the fleet', () => {
    for (const text of ['', '   ', '\u00a0\u3000', '\u200b'])
      assert.deepEqual(command(text), { kind: 'fleet' });
  });

  it('reads every command', () => {
    assert.deepEqual(command('run'), { kind: 'run', ...nothing });
    assert.deepEqual(command('run prod-east node=master-1 reason="before the change"'), {
      kind: 'run',
      cluster: 'prod-east',
      node: 'master-1',
      reason: 'before the change',
      emergency: undefined,
    });
    assert.deepEqual(command('run prod-east emergency="etcd loses a member every hour"'), {
      ...{ kind: 'run', ...nothing },
      cluster: 'prod-east',
      emergency: 'etcd loses a member every hour',
    });
    assert.deepEqual(command('check prod'), { kind: 'check', cluster: 'prod', node: undefined });
    assert.deepEqual(command('check node=m-0'), { kind: 'check', cluster: undefined, node: 'm-0' });
    assert.deepEqual(command('status'), { kind: 'status', what: undefined });
    assert.deepEqual(command('status r-7k3m9xq2'), { kind: 'status', what: 'r-7k3m9xq2' });
    assert.deepEqual(command('list prod'), { kind: 'list', cluster: 'prod' });
    assert.deepEqual(command('pause prod until=3d reason="new rack"'), {
      kind: 'pause',
      cluster: 'prod',
      until: '3d',
      reason: 'new rack',
    });
    assert.deepEqual(command('pause until="2026-12-01 08:00"'), {
      kind: 'pause',
      cluster: undefined,
      until: '2026-12-01 08:00',
      reason: undefined,
    });
    assert.deepEqual(command('resume prod'), { kind: 'resume', cluster: 'prod' });
    assert.deepEqual(problem('pause prod untill=3d'), {
      kind: 'unknown-option',
      option: 'untill',
      command: 'pause',
      nearest: 'until',
    });
    assert.deepEqual(problem('puase prod'), { kind: 'unknown-word', word: 'puase', nearest: 'pause' });
    assert.deepEqual(problem('resmue prod'), { kind: 'unknown-word', word: 'resmue', nearest: 'resume' });
    assert.deepEqual(command('doctor'), { kind: 'doctor', cluster: undefined });
    assert.deepEqual(command('doctor prod'), { kind: 'doctor', cluster: 'prod' });
    assert.deepEqual(command('destination'), { kind: 'destination', adopt: undefined });
    assert.deepEqual(command('destination list'), { kind: 'destination', adopt: undefined });
    assert.deepEqual(command('destination adopt nas-1'), { kind: 'destination', adopt: 'nas-1' });
    assert.deepEqual(problem('destination adopt'), {
      kind: 'missing',
      what: 'destination',
      command: 'destination',
    });
    for (const text of ['destination remove nas-1', 'destination list nas-1', 'destination adopt a b'])
      assert.equal(problem(text).kind, 'too-many-words', text);
    const unsaid = { kind: 'restored', cluster: undefined, from: undefined, at: undefined, undo: false };
    assert.deepEqual(command('restored'), unsaid);
    const said = { ...unsaid, cluster: 'prod', from: 'r-7k3m9xq2' };
    assert.deepEqual(command('restored prod from=r-7k3m9xq2'), said);
    assert.deepEqual(command('restored prod r-7k3m9xq2'), said);
    assert.deepEqual(command('restored from=r-7k3m9xq2 cluster=prod at="2026-12-01 03:40"'), {
      ...said,
      at: '2026-12-01 03:40',
    });
    assert.deepEqual(command('restored prod UNDO'), { ...unsaid, cluster: 'prod', undo: true });
    for (const text of ['restored prod undo at=03:40', 'restored prod r-7k3m9xq2 now'])
      assert.equal(problem(text).kind, 'too-many-words', text);
    assert.equal(problem('restored prod form=r-7k3m9xq2').kind, 'unknown-option');
    assert.deepEqual(problem('restore prod'), {
      kind: 'unknown-word',
      word: 'restore',
      nearest: 'restore-plan',
    });
    assert.deepEqual(command('ready-to-update'), { kind: 'ready-to-update', cluster: undefined });
    assert.deepEqual(command('Ready-To-Update prod'), { kind: 'ready-to-update', cluster: 'prod' });
    for (const kind of ['show', 'audit', 'verify', 'drill'] as const)
      assert.deepEqual(command(`${kind} r-7k3m9xq2`), { kind, run: 'r-7k3m9xq2' });
    assert.deepEqual(command('approve r-7k3m9xq2'), {
      kind: 'approve',
      run: 'r-7k3m9xq2',
      reason: undefined,
    });
    const plan = { kind: 'restore-plan', what: undefined, zStream: undefined, before: undefined } as const;
    assert.deepEqual(command('restore-plan'), plan);
    assert.deepEqual(command('restore-plan prod'), { ...plan, what: 'prod' });
    assert.deepEqual(command('Restore-Plan z-stream=4.16.8 r-7k3m9xq2'), {
      ...plan,
      what: 'r-7k3m9xq2',
      zStream: '4.16.8',
    });
    assert.deepEqual(command('restore-plan prod before=14:05'), { ...plan, what: 'prod', before: '14:05' });
    assert.deepEqual(command('restore-plan prod before="2026-11-23 14:05"'), {
      ...plan,
      what: 'prod',
      before: '2026-11-23 14:05',
    });
    assert.deepEqual(command('help run'), { kind: 'help', topic: 'run' });
  });

  it('takes options in any order, with dashes, and command words in any case', () => {
    const expected = { kind: 'run', cluster: 'Prod', node: 'm', reason: 'x y', emergency: 'now' } as const;
    assert.deepEqual(command('RUN reason="x y" NODE=m Emergency=now Prod'), expected);
    assert.deepEqual(command('Run --node=m —reason="x y" --emergency=“now” cluster=Prod'), expected);
  });

  it('takes every kind of quotation mark, as phones write them', () => {
    for (const quoted of [
      '"a b"',
      '“a b”',
      '”a b”',
      '“a b“',
      '„a b“',
      "'a b'",
      '‘a b’',
      '’a b’',
      '“a b"',
      '"a b”',
      '«a b»',
    ]) {
      assert.equal((command(`run prod reason=${quoted}`) as { reason: string }).reason, 'a b', quoted);
    }
  });

  it('leaves quotation marks of the other kind and apostrophes alone', () => {
    assert.deepEqual(command('run reason="the “big” change, it\'s due"'), {
      kind: 'run',
      ...nothing,
      reason: "the “big” change, it's due",
    });
  });

  it('takes Unicode spaces between words', () => {
    const expected = { kind: 'run', ...nothing, cluster: 'prod', node: 'm' } as const;
    assert.deepEqual(command('\u3000run\u00a0prod\u2003node=m\u200b'), expected);
  });

  it('decodes what Slack escapes, once', () => {
    assert.deepEqual(command('run reason="a &lt;b&gt; &amp;amp; c"'), {
      kind: 'run',
      ...nothing,
      reason: 'a <b> &amp; c',
    });
  });

  it('takes the rest of the words as the reason of approve, reject and cancel', () => {
    for (const kind of ['approve', 'reject', 'cancel'] as const) {
      const reason = (text: string) => (command(`${kind} r-7k3m9xq2 ${text}`) as { reason?: string }).reason;
      assert.equal(reason('the 5" pipe,  it\'s fine'), 'the 5" pipe,  it\'s fine');
      assert.equal(reason('"just this"'), 'just this');
      assert.equal(reason('“this” and that'), '“this” and that');
      assert.equal(reason('cpu=90% right now'), 'cpu=90% right now');
      assert.equal(reason('reason="named"'), 'named');
    }
    assert.deepEqual(command('reject reason="too late" r-7k3m9xq2'), {
      kind: 'reject',
      run: 'r-7k3m9xq2',
      reason: 'too late',
    });
  });

  it('treats an empty value as none', () => {
    assert.deepEqual(command('run "" node= reason="  " emergency=""'), { kind: 'run', ...nothing });
    for (const kind of ['show', 'audit'])
      assert.deepEqual(problem(`${kind} ""`), { kind: 'missing', what: 'run', command: kind });
  });

  it('names the nearest word for a typo', () => {
    const nearest = (text: string) => (problem(text) as { nearest?: string }).nearest;
    assert.equal(nearest('chekc'), 'check');
    assert.equal(nearest('aprove r-1'), 'approve');
    assert.equal(nearest('STATSU'), 'status');
    assert.equal(nearest('ru'), 'run');
    assert.equal(nearest('audti r-1'), 'audit');
    assert.equal(nearest('docter'), 'doctor');
    assert.equal(nearest('ready prod'), 'ready-to-update');
    assert.equal(nearest('ready-to prod'), 'ready-to-update');
    assert.equal(nearest('ready-to-upgrade prod'), 'ready-to-update');
    assert.equal(nearest('readytoupdate'), 'ready-to-update');
    assert.deepEqual(problem('restore-everything'), { kind: 'unknown-word', word: 'restore-everything' });
    assert.deepEqual(problem('constructor'), { kind: 'unknown-word', word: 'constructor' });
    assert.deepEqual(problem('node=x'), { kind: 'unknown-word', word: 'node' });
  });

  it('names the nearest option for a typo', () => {
    assert.deepEqual(problem('run prod nod=m'), {
      kind: 'unknown-option',
      option: 'nod',
      command: 'run',
      nearest: 'node',
    });
    assert.deepEqual(problem('run prod emergancy="x"'), {
      kind: 'unknown-option',
      option: 'emergancy',
      command: 'run',
      nearest: 'emergency',
    });
    assert.deepEqual(problem('run prod --force'), {
      kind: 'unknown-option',
      option: 'force',
      command: 'run',
    });
    assert.deepEqual(problem('approve r-1 reasn="x"'), {
      kind: 'unknown-option',
      option: 'reasn',
      command: 'approve',
      nearest: 'reason',
    });
    assert.deepEqual(problem('run __proto__=x'), {
      kind: 'unknown-option',
      option: '__proto__',
      command: 'run',
    });
  });

  it('refuses what it would have to guess', () => {
    assert.deepEqual(problem('run prod master-1'), {
      kind: 'too-many-words',
      command: 'run',
      word: 'master-1',
    });
    assert.deepEqual(problem('run node=a node=b'), { kind: 'too-many-words', command: 'run', word: 'b' });
    assert.deepEqual(problem('list a b'), { kind: 'too-many-words', command: 'list', word: 'b' });
    assert.deepEqual(problem('audit r-1 r-2'), { kind: 'too-many-words', command: 'audit', word: 'r-2' });
    assert.deepEqual(problem('doctor a b'), { kind: 'too-many-words', command: 'doctor', word: 'b' });
    assert.deepEqual(problem('check prod emergency=x'), {
      kind: 'unknown-option',
      option: 'emergency',
      command: 'check',
    });
    assert.deepEqual(problem('approve'), { kind: 'missing', what: 'run', command: 'approve' });
    assert.deepEqual(problem('run reason="half'), { kind: 'unclosed-quote' });
    assert.deepEqual(problem('run reason=“half'), { kind: 'unclosed-quote' });
    const long = `run reason="${'x'.repeat(10_000)}"`;
    assert.deepEqual(problem(long), { kind: 'too-long', length: long.length, max: maxCommandLength });
  });

  it('quotes only the beginning of a long wrong word', () => {
    const { word } = problem(`${'🙂'.repeat(1_000)}`) as { word: string };
    assert.ok(word.length <= 81 && word.isWellFormed(), word);
  });

  it('survives any text', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          ...commandWords,
          ' ',
          '"',
          '“',
          '”',
          "'",
          '=',
          '--',
          '\\',
          '&amp;',
          'node=',
          'reason="',
          'emergency="',
          '\u200b',
        ),
        fc.string({ unit: 'binary', maxLength: 12 }),
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          pieces.map((each) => each.join('')),
        ),
        (text) => {
          const parsed = parseCommand(text);
          assert.equal(typeof parsed.ok, 'boolean');
        },
      ),
    );
  });

  it('answers 10,000 characters of anything at once', () => {
    for (const piece of ['a', '"', "'", "' ", '\\', '&lt;', '=', 'reason="x" ', 'run ', '🙂']) {
      const text = piece.repeat(Math.ceil(10_000 / piece.length));
      const before = performance.now();
      parseCommand(text);
      parseCommand(`approve r-7k3m9xq2 ${text}`);
      assert.ok(performance.now() - before < 2_000, piece);
    }
  });

  it('gives a quoted reason and emergency back as they were typed', () => {
    const marks = ['"', '“', '”', "'", '‘', '’', '\\', '&', '<', '>', '=', ' ', 'node=x'];
    const texts = fc
      .array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.constantFrom(...marks)), {
        maxLength: 30,
      })
      .map((each) => each.join(''));
    fc.assert(
      fc.property(texts, texts, fc.constantFrom('""', '“”', "''", '‘’'), (reason, emergency, marks) => {
        const quoted = (text: string) =>
          `${marks.charAt(0)}${text.replace(/[\\"“”„‟«»'‘’‚‛]/g, '\\$&')}${marks.charAt(1)}`;
        const typed = `run prod reason=${quoted(reason)} emergency=${quoted(emergency)} node=m`;
        const trimmed = (text: string) =>
          text.replace(/^[\s\u200B\u2060]+|[\s\u200B\u2060]+$/g, '') || undefined;
        assert.deepEqual(command(slackText(typed)), {
          kind: 'run',
          cluster: 'prod',
          node: 'm',
          reason: trimmed(reason),
          emergency: trimmed(emergency),
        });
      }),
    );
  });
});
