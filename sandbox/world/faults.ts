import type { Fault as ApiFault, Faults as ApiFaults } from '../cluster/faults.ts';
import type { Behaviour } from '../node/behaviour.ts';
import type { Fault as SlackFault, Faults as SlackFaults } from '../slack/faults.ts';

/** Something that goes wrong, by the place where it does. */
export type WorldFault =
  /** With requests to the cluster's API, and with commands in pods. */
  | { readonly api: ApiFault }
  /** With calls of Slack's Web API. */
  | { readonly slack: SlackFault }
  /** What the backup script meets on every node; replaces the one before. */
  | { readonly nodes: Partial<Behaviour> };

interface Places {
  readonly api: ApiFaults;
  readonly slack: SlackFaults;
  readonly behave: (behaviour: Partial<Behaviour>) => Promise<void>;
}

/** The answer takes the fault away. */
export async function injectFault(
  fault: WorldFault,
  { api, slack, behave }: Places,
): Promise<() => Promise<void>> {
  if ('nodes' in fault) {
    await behave(fault.nodes);
    return () => behave({});
  }
  const remove = 'api' in fault ? api.add(fault.api) : slack.add(fault.slack);
  return async () => remove();
}
