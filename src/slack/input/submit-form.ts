import type { App } from '@slack/bolt';
import type { RequestAnswer } from '../../workflow/access/backups.ts';
import { type FormProblem, fieldErrors, formIds } from '../messages/index.ts';
import { recordFirst } from './acknowledge.ts';
import { onSubmission, type Submission } from './adapter.ts';
import { contextFor, requested } from './answer.ts';
import { readForm, type SentForm } from './form-state.ts';
import type { ListenerDeps } from './listener.ts';

type Recorded = Extract<RequestAnswer, { outcome: 'recorded' | 'duplicate' }>;

/** The form was sent. What cannot be recorded stays in the form, with the reason. */
export function listenToFormSubmission(app: App, deps: ListenerDeps): void {
  onSubmission(app, deps, formIds.view, (submission) => {
    const sent = readForm(submission.view);
    const asked = { ...submission, channel: sent.channel, home: sent.home };
    return recordFirst(
      deps,
      asked,
      () => record(deps, asked, sent),
      async (tried, context) => (isRecorded(tried) ? requested(deps, tried, context) : undefined),
      {
        refuse: submission.refuse,
        errorsFor(tried: Recorded | FormProblem = { outcome: 'not-recorded' }) {
          if (isRecorded(tried)) return undefined;
          return (language) => fieldErrors(tried, sent, contextFor(deps, language, sent.cluster));
        },
      },
    );
  });
}

async function record(
  { backups }: ListenerDeps,
  asked: Submission,
  { cluster, node, nodeOf, reason, emergency }: SentForm,
): Promise<Recorded | FormProblem> {
  if (!asked.ours) return { outcome: 'refused-person', accountKind: 'stranger' };
  if (cluster === undefined) return { outcome: 'cluster-missing', known: [] };
  if (nodeOf !== undefined && nodeOf !== cluster)
    return { outcome: 'nodes-of-another-cluster', cluster, shown: nodeOf };
  return backups.request(asked, { cluster, node, reason, emergency });
}

function isRecorded(tried: Recorded | FormProblem): tried is Recorded {
  return tried.outcome === 'recorded' || tried.outcome === 'duplicate';
}
