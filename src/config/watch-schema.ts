import * as z from 'zod';
import { cronExpected, cronProblem } from './cron-text.ts';
import { channelId, duration, language, list, slackUserId, text, timeOfDay, timeZone } from './values.ts';

// When a cluster counts as covered, who hears of it, and when backups are taken by themselves.

/** In the order of ISO 8601: monday is 1. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** What holds where nothing is said, written as in the file. */
export const standardWatch = {
  coverage: { maxAge: '30d', beforeUpdateMaxAge: '24h', signersWarn: '7d' },
  workingHours: { from: '09:00', to: '18:00', days: weekdays.slice(0, 5) },
  owners: [] as string[],
};

export const standardSchedule = { jitter: '15m', approval: 'ask' } as const;
export const standardSummary = { cron: '0 9 * * 1', timeZone: 'UTC' } as const;

const cron = text(cronExpected, /^[^\s@]\S*(?:\s+\S+){4}$/, 120).refine(
  (expression) => cronProblem(expression) === undefined,
  { error: cronExpected },
);

export const jitter = duration('0s', '12h');

const coverage = z.strictObject(
  {
    maxAge: duration('1h', '366d')
      .meta({
        description: 'A backup of the present z-stream that is older is stale',
        default: standardWatch.coverage.maxAge,
      })
      .optional(),
    beforeUpdateMaxAge: duration('5m', '90d')
      .meta({
        description: 'How old a backup may be when the cluster is about to be updated',
        default: standardWatch.coverage.beforeUpdateMaxAge,
      })
      .optional(),
    signersWarn: duration('1h', '366d')
      .meta({
        description: 'Signer certificates in a backup that end sooner are warned of',
        default: standardWatch.coverage.signersWarn,
      })
      .optional(),
  },
  { error: 'the keys maxAge, beforeUpdateMaxAge and signersWarn' },
);

const workingHours = z.strictObject(
  {
    from: timeOfDay,
    to: timeOfDay,
    days: list(z.enum(weekdays, { error: weekdays.join(', ') }), 'a list of days')
      .min(1, { error: 'at least one day' })
      .meta({ description: 'mon … sun', default: standardWatch.workingHours.days })
      .optional(),
  },
  { error: '{from: "09:00", to: "18:00", days: [mon, tue, wed, thu, fri]}' },
);

const schedule = z.union(
  [
    z.strictObject(
      {
        cron: cron.meta({ description: 'Five fields, read in the time zone of the cluster' }),
        jitter: jitter
          .meta({
            description: 'Each cluster starts up to so much later, always by the same part of it',
            default: standardSchedule.jitter,
          })
          .optional(),
        approval: z
          .enum(['auto', 'ask'], { error: 'auto or ask' })
          .meta({
            description: 'auto: this file has approved it; ask: people approve each run',
            default: standardSchedule.approval,
          })
          .optional(),
      },
      { error: '{cron: "0 2 * * *", jitter: 15m, approval: ask}, or none' },
    ),
    z.literal('none'),
  ],
  { error: '{cron: "0 2 * * *", jitter: 15m, approval: ask}, or none' },
);

/** What `defaults` may say for all clusters and a cluster for itself. */
export const watchSettings = {
  coverage: coverage.meta({ description: 'When a cluster counts as covered by its backups' }).optional(),
  workingHours: workingHours
    .meta({
      description: 'When reminders are repeated, by the clocks of the time zone',
      default: standardWatch.workingHours,
    })
    .optional(),
  owners: list(slackUserId, 'a list of Slack member ids')
    .meta({
      description: "Who hears of trouble with this cluster's backups, by direct message",
      default: standardWatch.owners,
    })
    .optional(),
  onCall: text(
    'the id of a Slack user group: S and capital letters or digits, such as S0123456789',
    /^S[A-Z0-9]{5,20}$/,
  )
    .meta({ description: 'User group that reminders and escalations mention; left out: nobody is mentioned' })
    .optional(),
  schedule: schedule
    .meta({ description: 'When backups are taken by themselves; absent or none: by hand only' })
    .optional(),
};

export const summarySchema = z.strictObject(
  {
    channel: channelId.meta({ description: 'Id of the Slack channel in which it is posted' }),
    cron: cron.meta({ description: 'When, in five fields', default: standardSummary.cron }).optional(),
    timeZone: timeZone
      .meta({
        description: 'IANA time zone of cron and of the times in it',
        default: standardSummary.timeZone,
      })
      .optional(),
    language: language.meta({ description: "Its language; absent: the file's" }).optional(),
  },
  { error: 'channel: CHANNEL-ID' },
);

/** Short enough to see an update before it has begun; two requests a minute harm no API server. */
export const standardWatchPeriod = '30s';
/** Longer, and the bot's own liveness would call the watch stuck. */
const watchPeriod = duration('1s', '2m');
export const standardWatchMs = watchPeriod.parse(standardWatchPeriod);

export const watchSchema = z.strictObject(
  {
    every: watchPeriod
      .meta({ description: 'How often each cluster is looked at', default: standardWatchPeriod })
      .optional(),
  },
  { error: `every: ${standardWatchPeriod}` },
);

export type SummaryEntry = z.output<typeof summarySchema>;
