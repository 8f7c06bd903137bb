import { readdir } from 'node:fs/promises';
import type { StepKind } from '../../src/domain/restore/restore-steps.ts';
import type { RestoreHosts } from './hosts.ts';
import { mustSee } from './must-see.ts';
import type { Ran } from './run-text.ts';

/** A step as a person has it: what it is about, and what it gives to run. */
export interface GivenStep {
  readonly kind: StepKind;
  /** The commands as printed, in one block; undefined: the step has none. */
  readonly block: string | undefined;
}

/** How one step went, in the eyes of a person who does what the paper says and looks for what must be seen. */
export type StepOutcome = Ran & {
  /** Why the person may not go on; undefined: all that must be seen was seen. */
  readonly stopped: string | undefined;
};

/** What the person has at hand. */
export interface AtHand {
  /** undefined: it is not set. */
  readonly ageKeyFile?: string | undefined;
}

const manyTries = 5;

/** Does one step: its block as printed, with what the text around it asks of the person. */
export async function followStep(hosts: RestoreHosts, step: GivenStep, at: AtHand): Promise<StepOutcome> {
  const ran = await byKind(hosts, step, at);
  const why = ran.code === 0 ? mustSee(step.kind, ran.output, hosts) : `exit code ${ran.code}`;
  const [harm] = [...(await hosts.harms()), ...(await keysInTheOpen(hosts))];
  return { ...ran, stopped: why ?? harm };
}

/** In the directory that a person begins in, others may read what is put there. */
async function keysInTheOpen({ home }: RestoreHosts): Promise<readonly string[]> {
  const names = await readdir(home);
  return names
    .filter((name) => name.startsWith('static_kuberesources'))
    .map((name) => `${name} lies where others can read it`);
}

async function byKind(hosts: RestoreHosts, { kind, block }: GivenStep, at: AtHand): Promise<Ran> {
  if (block === undefined) return { code: 0, output: '' };
  const env = at.ageKeyFile === undefined ? {} : { AGE_KEY_FILE: at.ageKeyFile };
  switch (kind) {
    case 'kubelet-certificates':
      return forNotReadyNodes(hosts, block);
    case 'requests':
      return approveAll(hosts, block);
    case 'etcd-rollout':
      return repeatedly(hosts, block);
    case 'webhooks':
      return setWebhooksAside(hosts, block);
    case 'webhooks-back':
      return all(hosts, ['for f in webhook-*.yaml; do [ ! -e "$f" ] || oc apply -f "$f"; done', block]);
    default:
      return hosts.run(block, { env });
  }
}

async function all(hosts: RestoreHosts, texts: readonly string[]): Promise<Ran> {
  let output = '';
  for (const text of texts) {
    const ran = await hosts.run(text);
    output += ran.output;
    if (ran.code !== 0) return { code: ran.code, output };
  }
  return { code: 0, output };
}

/** “Run the command for each node that is NotReady.” */
async function forNotReadyNodes(hosts: RestoreHosts, block: string): Promise<Ran> {
  const nodes = await hosts.run('oc get nodes');
  if (nodes.code !== 0) return nodes;
  const names = [...nodes.output.matchAll(/^(\S+)\s+NotReady/gm)].map(([, name = '']) => name);
  return all(
    hosts,
    names.map((name) => `export NOT_READY_NODE=${name}\n${block}`),
  );
}

/** The block's three lines: list, look at one, approve it; for each that is pending, until none is. */
async function approveAll(hosts: RestoreHosts, block: string): Promise<Ran> {
  const [list = '', ...each] = block.split('\n');
  const listed = await hosts.run(list);
  if (listed.code !== 0) return listed;
  const names = [...listed.output.matchAll(/^(\S+) .*Pending$/gm)].map(([, name = '']) => name);
  return all(hosts, [...names.flatMap((name) => each.map((line) => line.replace(/\bNAME\b/, name))), list]);
}

async function repeatedly(hosts: RestoreHosts, block: string): Promise<Ran> {
  let last = await hosts.run(block);
  for (let tries = 1; tries < manyTries && !last.output.includes('AllNodesAtLatestRevision'); tries += 1)
    last = await hosts.run(block);
  return last;
}

/** “Save each such one, then delete it.” */
async function setWebhooksAside(hosts: RestoreHosts, block: string): Promise<Ran> {
  const listed = await hosts.run(block);
  const names = [...listed.output.matchAll(/^(\w+)\.admissionregistration\.k8s\.io\/(\S+)/gm)];
  if (listed.code !== 0) return listed;
  const aside = await all(
    hosts,
    names.flatMap(([, kind = '', name = '']) => [
      `oc get ${kind} ${name} -o yaml > webhook-${name}.yaml`,
      `oc delete ${kind} ${name}`,
    ]),
  );
  return { code: aside.code, output: listed.output + aside.output };
}
