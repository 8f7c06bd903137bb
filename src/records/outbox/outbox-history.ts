import { sql } from 'kysely';
import type { Records } from '../../workflow/ports/records.ts';
import type { Database } from '../engine/schema.ts';
import { liveKinds, messageOf, saidOnce } from './outbox.ts';
import { clusterStream, runPrefix, runStream } from './streams.ts';

const kindsOf = {
  threads: ['thread', 'nag'],
  top: [...liveKinds, 'escalation', 'restored', 'revision-fell'],
  any: [...liveKinds, ...saidOnce],
} as const;

const runId = sql<string>`substr(outbox.stream, ${runPrefix.length + 1})`;

/** Among so many that were sent last: the others are edits of older messages, which have those messages' ts. */
const lookedAt = 200;

export async function lastPosted(
  db: Database,
  { cluster, where }: Parameters<Records['lastPosted']>[0],
): Promise<string | undefined> {
  const rows = await db
    .selectFrom('outbox')
    .leftJoin('runs', (join) => join.on('outbox.stream', 'like', `${runPrefix}%`).on('runs.id', '=', runId))
    .select('outbox.slack_ts')
    .where('outbox.state', '=', 'sent')
    .where('outbox.kind', 'in', kindsOf[where])
    .where((eb) =>
      eb.or([eb('outbox.stream', '=', clusterStream(cluster)), eb('runs.cluster', '=', cluster)]),
    )
    .orderBy('outbox.id', 'desc')
    .limit(lookedAt)
    .execute();
  return rows
    .flatMap(({ slack_ts: ts }) => ts ?? [])
    .sort()
    .at(-1);
}

/** What became of the private messages of one kind that a run caused, oldest first. */
export async function privateDeliveries(
  db: Database,
  runId: string,
  say: Parameters<Records['privateDeliveries']>[1],
): ReturnType<Records['privateDeliveries']> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .where('stream', '=', runStream(runId))
    .where('kind', '=', 'private')
    .orderBy('id')
    .execute();
  return rows.flatMap((row) => {
    const { notice } = messageOf(row);
    if (notice.kind !== 'private' || notice.say.type !== say) return [];
    return [{ slackUser: notice.slackUser, state: row.state, tries: row.attempts }];
  });
}
