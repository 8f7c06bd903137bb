import { dueWork } from '../../domain/run/run.ts';
import { renewPapers } from '../copies/renew-papers.ts';
import { workOnRetention } from '../copies/retention-work.ts';
import { retryCopies } from '../copies/retry-copies.ts';
import { makeWaitingDrill } from '../drill/waiting-drill.ts';
import type { RunWork } from '../ports/run-work.ts';

/** What a run that succeeded still waits for: copies that did not reach their place, its drill, removing what it makes superfluous, and papers of an earlier edition. */
export async function workOnEnded(work: RunWork): Promise<void> {
  const { offCluster } = work.deps;
  switch (dueWork(work.claim.run)) {
    case 'drill':
      return makeWaitingDrill(work, offCluster);
    case 'retention':
      return workOnRetention(work, offCluster);
    case 'papers':
      return renewPapers(work, offCluster);
    case 'copies':
      return retryCopies(work, offCluster);
  }
}
