import { test } from 'node:test';
import type { PlaceTrouble } from '../../../../src/domain/copies/place-state.ts';
import { finding } from '../../../../src/domain/preflight/finding.ts';
import { threadMessage } from '../../../../src/slack/messages/index.ts';
import { compareGolden as compare } from '../../../support/golden.ts';
import { contextIn, runs } from '../runs.ts';

const states: readonly PlaceTrouble[] = ['absent', 'different', 'adopt-needed', 'unreadable'];

for (const language of ['en', 'ko'] as const) {
  test(`destinations that are not the known place read as written down (${language})`, () => {
    const findings = (['directory', 'bucket'] as const).flatMap((kind) =>
      states.map((state) =>
        finding('warning', 'destination.not-known', { destination: `${kind}-1`, kind, state }),
      ),
    );
    const messages = findings.map((each) =>
      threadMessage({ type: 'warning', finding: each }, runs.running, contextIn(language)),
    );
    compare(language, 'place-warnings', ...messages);
  });
}
