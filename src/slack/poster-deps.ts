import type { WebClient } from '@slack/web-api';
import type { ClusterPolicy, Language } from '../domain/policy.ts';
import type { RestoreAnswer } from '../domain/restore-plan.ts';
import type { BackupRun } from '../domain/run.ts';
import type { Clock, Fleet, Log } from '../workflow/ports.ts';
import type { Records } from '../workflow/records.ts';
import type { BotIdentity } from './identity.ts';
import type { Context } from './messages/index.ts';
import type { People } from './people.ts';
import { slashCommand } from './slash-command.ts';
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
