import { isUseless } from '../../../domain/run/backup-worth.ts';
import { verdictOf } from '../../../domain/run/drill-outcome.ts';
import { type BackupRun, takenAt } from '../../../domain/run/run.ts';
import { proofOf } from '../copies/copies.ts';
import { copyWords } from '../copies/words.ts';
import type { Markup } from '../kit/markup.ts';
import type { Tools } from '../kit/tools.ts';
import { poorWorth, statusText } from './run-facts.ts';
import { showWords, worthWords } from './words.ts';

/** Any run, in one line of a list. */
export function runLine(run: BackupRun, t: Tools): Markup {
  const { id, cluster, requester, finishedAt, requestedAt } = run;
  const status = statusText(run, t);
  const at = finishedAt ?? requestedAt;
  return showWords(t).runLine({
    id,
    cluster,
    zStream: run.plan?.zStream,
    status,
    slackUser: requester.slackUser,
    at,
  });
}

/** A backup, in one line of a list. */
export function backupLine(run: BackupRun, t: Tools): Markup {
  const copies = copyWords(t);
  const { success } = run;
  const worth = poorWorth(run);
  const sizes = success && success.artifacts.snapshot.size + success.artifacts.resources.size;
  return copies.listLine({
    id: run.id,
    cluster: run.cluster,
    zStream: run.plan?.zStream,
    at: takenAt(run),
    bytes: sizes,
    proof:
      worth && (isUseless(worth) || worth.kind === 'abandoned')
        ? worthWords(t).status(worth)
        : copies.proof(proofOf(run)),
    drill: copies.drillShort(success?.drill && verdictOf(success.drill)),
  });
}
