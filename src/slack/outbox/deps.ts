import type { WebClient } from '@slack/web-api';
import type { ClusterPolicy, Language, SummaryPolicy } from '../../domain/policy/policy.ts';
import type { RestoreAnswer } from '../../domain/restore/restore-plan.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { ChangingFleet } from '../../workflow/ports/configuration.ts';
import type { Clock, Log } from '../../workflow/ports/ports.ts';
import type { Records } from '../../workflow/ports/records.ts';
import type { DrawPicture } from '../../workflow/watch/summary-picture.ts';
import type { BotIdentity } from '../client/identity.ts';
import type { People } from '../client/people.ts';
import { slashCommand } from '../client/slash-command.ts';
import type { Context } from '../messages/index.ts';
import { UnpostableError } from './unpostable-error.ts';

/** What bringing the messages of the outbox to Slack takes. */
export interface OutboxDeps {
  readonly client: WebClient;
  readonly identity: BotIdentity;
  readonly people: Pick<People, 'language'>;
  readonly records: Records;
  readonly fleet: ChangingFleet;
  readonly clock: Clock;
  readonly log: Log;
  /** RESTORE.md; absent: only manifest.json is put into the thread. */
  readonly restoreText?: (answer: RestoreAnswer, cluster: string, language: Language) => string;
  /** Absent: no weekly summary is configured. */
  readonly summary?: { readonly policy: SummaryPolicy; readonly draw: DrawPicture } | undefined;
  /** Called once when Slack will not have the bot token any more: nothing can be posted until a person acts. */
  readonly onFatal: (error: Error) => void;
}

export async function runAndPolicy(
  deps: OutboxDeps,
  runId: string,
): Promise<{ run: BackupRun; policy: ClusterPolicy }> {
  const run = await deps.records.run(runId);
  if (!run) throw new UnpostableError(`run ${runId} is not in the records`);
  return { run, policy: policyOf(deps, run.cluster) };
}

/** Throws UnpostableError for a cluster that the configuration has not named since the start. */
export function policyOf({ fleet }: OutboxDeps, cluster: string): ClusterPolicy {
  const policy = fleet.cluster(cluster) ?? fleet.lastKnown?.(cluster);
  if (policy) return policy;
  throw new UnpostableError(
    `cluster ${cluster} is not in the configuration (any more), so its channel is unknown`,
  );
}

export function contextOf(
  { clock }: Pick<OutboxDeps, 'clock'>,
  language: Language,
  { timeZone }: Pick<ClusterPolicy, 'timeZone'>,
): Context {
  return { language, timeZone, now: clock.now(), command: slashCommand };
}
