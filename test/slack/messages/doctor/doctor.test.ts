import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doctorLine, worstFirst } from '../../../../src/domain/doctor/doctor.ts';
import { doctor as doctorTexts } from '../../../../src/slack/messages/doctor/en/doctor.ts';
import { doctorAnswer } from '../../../../src/slack/messages/index.ts';
import { everyDoctorLine } from '../../../support/doctor-samples.ts';
import { asPlainText } from '../../../support/plain-text.ts';
import { slackComplaints } from '../../../support/slack-limits.ts';
import { contextIn } from '../runs.ts';

const languages = ['en', 'ko'] as const;

function say(language: 'en' | 'ko', lines: ReturnType<typeof everyDoctorLine>): string {
  const answer = { outcome: 'examined', cluster: undefined, lines: worstFirst(lines) } as const;
  const message = doctorAnswer(answer, contextIn(language));
  assert.deepEqual(slackComplaints(message), []);
  return asPlainText(message);
}

for (const language of languages) {
  test(`each line carries its values; each that is not good says what to do (${language})`, () => {
    for (const each of everyDoctorLine('VALUE', 41)) {
      const text = say(language, [each]);
      const filled = JSON.stringify(each.params);
      assert.equal(text.includes('VALUE'), filled.includes('VALUE'), `${each.code}: ${text}`);
      assert.equal(text.includes('41'), filled.includes('41'), `${each.code}: ${text}`);
      assert.equal(text.includes('\n→ '), each.state !== 'good', `${each.code}: ${text}`);
    }
  });

  test(`no outside text breaks out of its line or exceeds Slack's limits (${language})`, () => {
    for (const text of [
      '',
      'x'.repeat(10_000),
      '<!here>`*&_~'.repeat(1_000),
      '\u202e<@U0APPROVER>\n'.repeat(50),
    ]) {
      for (const each of everyDoctorLine(text, 1)) say(language, [each]);
      say(language, everyDoctorLine(text, 1));
      say(language, Array.from({ length: 40 }, () => everyDoctorLine(text, 1)).flat());
    }
  });

  test(`what must be fixed comes first, and a cut list says how many lines are missing (${language})`, () => {
    const good = Array.from({ length: 900 }, (_, n) => doctorLine('api.reachable', { cluster: `c-${n}` }));
    const bad = doctorLine('records.unwritable', { detail: 'disk full' });
    const text = say(language, [...good, bad]);
    assert.ok(text.indexOf('disk full') < text.indexOf('c-0'));
    const shown = good.filter((_, n) => text.includes(`\`c-${n}\``)).length;
    assert.ok(shown < 900);
    assert.match(text, new RegExp(`… .*${900 - shown}`));
  });
}

test('the verdict distinguishes what to fix from what is unknown', () => {
  const doctor = doctorTexts();
  assert.match(
    doctor.verdict({ bad: 2, warning: 0, unknown: 1, good: 3 }).source,
    /^❌ 2 things have to be put right, 3 in order/,
  );
  assert.match(
    doctor.verdict({ bad: 0, warning: 0, unknown: 1, good: 3 }).source,
    /^❔ 1 thing could not be looked at/,
  );
  assert.match(doctor.verdict({ bad: 0, warning: 0, unknown: 0, good: 3 }).source, /^✅/);
});
