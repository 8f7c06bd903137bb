import type { Finding } from '../../../domain/preflight/finding.ts';
import { type Markup, md } from '../kit/markup.ts';
import { sayOf } from '../kit/texts-by.ts';
import type { Tools } from '../kit/tools.ts';
import type { FindingText } from './finding-text.ts';
import { findingWords } from './words.ts';

export function findingText({ code, params }: Finding, t: Tools): FindingText {
  return sayOf(findingWords(t), code, params);
}

/** What blocks a backup and what to do about it; a long list ends with how many are missing. */
export function reasonLines(findings: readonly Finding[], t: Tools): readonly Markup[] {
  const shown = findings.slice(0, 4).map((each) => {
    const { looked, found, next } = findingText(each, t);
    return next ? md`• ${looked}: ${found} ${next}` : md`• ${looked}: ${found}`;
  });
  return findings.length > 4 ? [...shown, md`• ${t.units.more(findings.length - 4)}`] : shown;
}
