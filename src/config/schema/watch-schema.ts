import * as z from 'zod';
import { cronExpected, cronProblem } from './cron-text.ts';
import { channelId, duration, language, list, slackUserId, text, timeOfDay, timeZone } from './values.ts';

// When a cluster counts as covered, who is notified, and when backups are taken by themselves.

/** In the order of ISO 8601: monday is 1. */
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const cron = text(cronExpected, /^[^\s@]\S*(?:\s+\S+){4}$/, 120).refine(
  (expression) => cronProblem(expression) === undefined,
  { error: cronExpected },
);

const coverage = z
  .strictObject(
    {
      maxAge: duration('1h', '366d')
        .describe('A backup of the present z-stream that is older is stale')
        .prefault('30d'),
      beforeUpdateMaxAge: duration('5m', '90d')
        .describe('How old a backup may be when the cluster is about to be updated')
        .prefault('24h'),
      signersWarn: duration('1h', '366d')
        .describe('Signer certificates in a backup that end sooner are warned of')
        .prefault('7d'),
    },
    { error: 'the keys maxAge, beforeUpdateMaxAge and signersWarn' },
  )
  .describe('When a cluster counts as covered by its backups')
  .transform(({ maxAge, beforeUpdateMaxAge, signersWarn }) => ({
    maxAgeMs: maxAge,
    beforeUpdateMaxAgeMs: beforeUpdateMaxAge,
    signersWarnMs: signersWarn,
  }));

const workingHours = z
  .strictObject(
    {
      from: timeOfDay,
      to: timeOfDay,
      days: list(z.enum(weekdays, { error: weekdays.join(', ') }), 'a list of days')
        .min(1, { error: 'at least one day' })
        .describe('mon … sun')
        .default(weekdays.slice(0, 5)),
    },
    { error: '{from: "09:00", to: "18:00", days: [mon, tue, wed, thu, fri]}' },
  )
  .describe('When reminders are repeated, by the clocks of the time zone')
  .transform(({ from, to, days }) => ({
    fromMinute: from,
    toMinute: to,
    days: weekdays.flatMap((day, index) => (days.includes(day) ? [index + 1] : [])),
  }));

const scheduleExpected = '{cron: "0 2 * * *", jitter: 15m, approval: ask}, or none';

const schedule = z
  .union(
    [
      z.strictObject(
        {
          cron: cron.describe('Five fields, read in the time zone of the cluster'),
          jitter: duration('0s', '12h')
            .describe('Each cluster starts up to so much later, always by the same part of it')
            .prefault('15m'),
          approval: z
            .enum(['auto', 'ask'], { error: 'auto or ask' })
            .describe('auto: this file has approved it; ask: people approve each run')
            .default('ask'),
        },
        { error: scheduleExpected },
      ),
      z.literal('none'),
    ],
    { error: scheduleExpected },
  )
  .describe('When backups are taken by themselves; absent or none: by hand only')
  .optional()
  .transform((said) => {
    if (said === undefined || said === 'none') return undefined;
    return { cron: said.cron, jitterMs: said.jitter, approval: said.approval };
  });

/** What `defaults` may say for all clusters and a cluster for itself. */
export const watchSettings = {
  coverage: coverage.prefault({}),
  workingHours: workingHours.prefault({ from: '09:00', to: '18:00' }),
  owners: list(slackUserId, 'a list of Slack member ids')
    .describe("Who is notified of failures of this cluster's backups, by direct message")
    .default([]),
  onCall: text(
    'the id of a Slack user group: S and capital letters or digits, such as S0123456789',
    /^S[A-Z0-9]{5,20}$/,
  )
    .describe('User group that reminders and escalations mention; left out: no group is mentioned')
    .optional(),
  schedule,
};

export const summarySchema = z.strictObject(
  {
    channel: channelId.describe('Id of the Slack channel in which it is posted'),
    cron: cron.describe('When, in five fields').default('0 9 * * 1'),
    timeZone: timeZone.describe('IANA time zone of cron and of the times in it').default('UTC'),
    language: language.describe("Its language; absent: the file's").optional(),
  },
  { error: 'channel: CHANNEL-ID' },
);

export const watchSchema = z.strictObject(
  {
    // Short enough to see an update before it has begun; two requests a minute harm no API server. Any longer than two
    // minutes, and the bot's own liveness would call the watch stuck.
    every: duration('1s', '2m').describe('How often each cluster is looked at').prefault('30s'),
  },
  { error: 'every: 30s' },
);
