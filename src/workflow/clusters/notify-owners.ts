import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { OwnerMessage } from '../../domain/watch/cluster-notice.ts';
import type { FileMistake } from '../ports/configuration.ts';
import type { WorkflowDeps } from '../ports/deps.ts';

/** Owners hear of each mistake once, and once when all are over, whatever process found it. `mistakes`: all that there are now. */
export async function notifyOfMistakes(
  { records, fleet, clock, wake }: Pick<WorkflowDeps, 'records' | 'fleet' | 'clock' | 'wake'>,
  mistakes: readonly FileMistake[],
): Promise<void> {
  const texts = mistakes.map(textOf);
  const notified = await records.decideConfigTrouble({
    now: clock.now(),
    decision(known) {
      const news = mistakes.filter((each) => !known.includes(textOf(each)));
      const isOver = mistakes.length === 0 && known.length > 0;
      if (news.length === 0 && !isOver)
        return texts.length === known.length ? undefined : { known: texts, inform: [] };
      return { known: texts, inform: toOwners(fleet, isOver ? { type: 'config-correct' } : sayOf(news)) };
    },
  });
  if (notified) wake();
}

/** The owners of a cluster that leaves: whether it was meant or a file was lost, nothing guards it from now on. */
export async function notifyOfRemoval(
  { records, clock, wake }: Pick<WorkflowDeps, 'records' | 'clock' | 'wake'>,
  { name, owners }: Pick<ClusterPolicy, 'name' | 'owners'>,
): Promise<void> {
  const say: OwnerMessage = { type: 'cluster-left' };
  const inform = owners.map((slackUser) => ({
    cluster: name,
    notices: [{ kind: 'private', slackUser, say } as const],
  }));
  const decision = (known: readonly string[]) => ({ known, inform });
  if (await records.decideConfigTrouble({ now: clock.now(), decision })) wake();
}

/** The same for the same mistake. */
export function textOf({ file, line, text }: FileMistake): string {
  return JSON.stringify([file, line, text]);
}

/** As many are written out. */
const shown = 5;

function sayOf(news: readonly FileMistake[]): OwnerMessage {
  return { type: 'config-mistaken', mistakes: news.slice(0, shown), count: news.length };
}

/** Each owner once, as an owner of the first cluster that names them. */
function toOwners({ clusters }: Pick<WorkflowDeps['fleet'], 'clusters'>, say: OwnerMessage) {
  const owners = new Map<string, string>();
  for (const { name, owners: named } of clusters) {
    for (const slackUser of named) if (!owners.has(slackUser)) owners.set(slackUser, name);
  }
  return [...owners].map(([slackUser, cluster]) => ({
    cluster,
    notices: [{ kind: 'private', slackUser, say } as const],
  }));
}
