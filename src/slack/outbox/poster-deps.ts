import type { WebClient } from '@slack/web-api';
import type { ClusterPolicy, Fleet, Language } from '../../domain/policy/policy.ts';
import type { RestoreAnswer } from '../../domain/restore/restore-plan.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { Clock, Log } from '../../workflow/ports/ports.ts';
import type { Records } from '../../workflow/ports/records.ts';
import type { BotIdentity } from '../client/identity.ts';
import type { People } from '../client/people.ts';
import { slashCommand } from '../client/slash-command.ts';
import type { Context } from '../messages/index.ts';
import { UnpostableError } from './unpostable-error.ts';

/** What bringing a message of the outbox to Slack takes. */
export interface NoticePosterDeps {
  readonly client: WebClient;
  readonly identity: BotIdentity;
  readonly people: Pick<People, 'language'>;
  readonly records: Pick<Records, 'run' | 'cardPosted' | 'watch' | 'watchMessagePosted'>;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly log: Log;
  /** RESTORE.md; absent: only manifest.json is put into the thread. */
  readonly restoreText?: (answer: RestoreAnswer, cluster: string, language: Language) => string;
}

export async function runAndPolicy(
  deps: { readonly records: Pick<Records, 'run'>; readonly fleet: Fleet },
  runId: string,
): Promise<{ run: BackupRun; policy: ClusterPolicy }> {
  const run = await deps.records.run(runId);
  if (!run) throw new UnpostableError(`run ${runId} is not in the records`);
  return { run, policy: policyOf(deps, run.cluster) };
}

/** Throws UnpostableError for a cluster that the configuration does not name. */
export function policyOf({ fleet }: Pick<NoticePosterDeps, 'fleet'>, cluster: string): ClusterPolicy {
  const policy = fleet.cluster(cluster);
  if (policy) return policy;
  throw new UnpostableError(
    `cluster ${cluster} is not in the configuration (any more), so its channel is unknown`,
  );
}

export function contextOf(
  { clock }: Pick<NoticePosterDeps, 'clock'>,
  language: Language,
  { timeZone }: ClusterPolicy,
): Context {
  return { language, timeZone, now: clock.now(), command: slashCommand };
}
