import { test } from 'node:test';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import {
  checkAnswer,
  helpMessage,
  privateMessage,
  requestAnswer,
  runAnswer,
  runCard,
  runsAnswer,
  threadMessage,
  voteAnswer,
} from '../../../src/slack/messages/index.ts';
import { compareGolden as compare } from '../../support/golden.ts';
import { contextIn, findings, runs } from './runs.ts';
import { privateSays, specialRuns, threadEntries, unreadable } from './special-runs.ts';

for (const language of ['en', 'ko'] as const) {
  test(`cards read as written down (${language})`, () => {
    for (const run of Object.values(runs) as BackupRun[]) {
      compare(language, `card-${run.status}`, runCard(run, contextIn(language)));
    }
    for (const [name, run] of Object.entries(specialRuns)) {
      compare(language, `card-${name}`, runCard(run, contextIn(language)));
    }
  });

  test(`thread messages read as written down (${language})`, () => {
    const context = contextIn(language);
    compare(language, 'thread-details', threadMessage({ type: 'details' }, runs.waiting, context));
    compare(language, 'thread-details-blocked', threadMessage({ type: 'details' }, runs.blocked, context));
    compare(language, 'thread-report', threadMessage({ type: 'report' }, runs.succeeded, context));
    compare(language, 'thread-failure', threadMessage({ type: 'failure' }, runs.failed, context));
    const entries = threadEntries.map((entry) => threadMessage(entry, runs.running, context));
    compare(language, 'thread-lines', ...entries);
  });

  test(`private answers read as written down (${language})`, () => {
    const context = contextIn(language);
    const checked = {
      outcome: 'checked',
      cluster: 'prod-east',
      version: '4.16.8',
      node: 'master-1',
      findings,
    } as const;
    const all = { outcome: 'runs', cluster: undefined, runs: [runs.running, runs.succeeded] } as const;
    compare(language, 'check', checkAnswer(checked, context));
    compare(language, 'check-unreadable', checkAnswer({ ...checked, ...unreadable }, context));
    compare(language, 'status', runsAnswer('status', all, context));
    compare(language, 'show', runAnswer({ outcome: 'run', run: runs.succeeded }, context));
    compare(
      language,
      'show-emergency',
      runAnswer({ outcome: 'run', run: specialRuns['emergency-succeeded'] }, context),
    );
    compare(language, 'help', helpMessage(undefined, context));
    compare(language, 'help-run', helpMessage('run', context));
  });

  test(`private lines on plans, emergencies and late clicks read as written down (${language})`, () => {
    const context = { ...contextIn(language), cardLink: 'https://example.slack.com/archives/C0PLATFORM/p1' };
    compare(language, 'private-lines', ...privateSays.map((say) => privateMessage(say, context)));
    const run = runs.waiting;
    const emergency = specialRuns['emergency-approved'];
    compare(
      language,
      'private-answers',
      requestAnswer({ outcome: 'recorded', run: emergency, cardChannel: 'C0PLATFORM' }, context),
      requestAnswer({ outcome: 'no-emergency-right', cluster: 'prod-east', people: ['U0ONCALL'] }, context),
      requestAnswer({ outcome: 'no-emergency-right', cluster: 'prod-east', people: [] }, context),
      voteAnswer({ outcome: 'old-plan', run }, context),
      voteAnswer({ outcome: 'not-this-card', run }, context),
    );
  });
}
