import { z } from 'zod';
import type { AdminApi } from '../openshift/api/admin-api.ts';
import { enrollManager, tokenSecrets } from './account-token.ts';
import { requireRights, rightsToRemove } from './needed-rights.ts';
import { nameOf, type OverlayObject, pathOfObject } from './objects.ts';
import { EnrollError, problemOf } from './problem.ts';
import { type StrangeObject, strangersIn } from './strangers.ts';
import type { Terminal } from './terminal.ts';

export interface UnenrollDeps {
  readonly api: AdminApi;
  readonly objects: readonly OverlayObject[];
  readonly terminal: Terminal;
  /** Address of the API server that is asked. */
  readonly server: string | undefined;
}

const live = z.looseObject({
  metadata: z.looseObject({
    uid: z.string(),
    managedFields: z
      .array(z.looseObject({ manager: z.string().optional(), operation: z.string().optional() }))
      .optional(),
  }),
});

interface Found {
  readonly object: OverlayObject;
  readonly uid: string;
  /** Who else applies it; empty: only enroll. */
  readonly others: readonly string[];
  readonly isOurs: boolean;
}

/** True: everything that enroll made is gone. Removes nothing where something strange is found. Throws EnrollError. */
export async function unenroll(
  { api, objects, terminal, server }: UnenrollDeps,
  { context, name }: { readonly context: string; readonly name: string },
): Promise<boolean> {
  const failing = (doing: string) => (error: unknown) => {
    throw problemOf(error, doing, context);
  };
  // The name is only what the person calls it: what is removed is decided by the context.
  terminal.say(`Cluster: ${server} (context ${context})`);
  const found = await findAll(api, objects).catch(failing('read what is there'));
  const ours = found.filter(({ isOurs, others }) => isOurs && others.length === 0);
  const kept = found.filter((each) => !ours.includes(each));
  const strange = () => strangers(api, ours).catch(failing('look into the namespaces'));
  const atFirst = await strange();
  for (const each of kept) terminal.say(`Stays: ${nameOf(each.object)} (${whyKept(each)})`);
  if (ours.length === 0) {
    terminal.say(`Nothing on ${name} was made by enroll. Nothing was changed.`);
    return true;
  }
  refuseStrange(atFirst);
  const needed = rightsToRemove(ours.map(({ object }) => object));
  await requireRights(api, needed, { context, untouched: 'nothing was removed' });
  terminal.say(`What is removed from ${name}; its tokens end with it:`);
  // Rights first: what is left if it stops in between can do nothing.
  const order = [...ours].reverse();
  for (const { object } of order) terminal.say(`  ${nameOf(object)}`);
  terminal.say('Backups, the bot’s records and what lies on the nodes stay as they are.');
  if (!(await terminal.agrees('Remove this?'))) {
    terminal.say('Nothing was changed.');
    return false;
  }
  // A backup may have begun while the question stood.
  refuseStrange(await strange());
  for (const { object, uid } of order) {
    await api.remove(pathOfObject(object), uid).catch(failing(`remove ${nameOf(object)}`));
  }
  terminal.say(`Removed ${order.length} objects.`);
  terminal.say(
    `Now take ${name} out of the bot's configuration, and remove its kubeconfig (kubeconfigs/${name} and the key of that name in Secret etcd-backup-kubeconfigs).`,
  );
  return true;
}

function refuseStrange(strange: readonly StrangeObject[]): void {
  if (strange.length === 0) return;
  const list = strange.map(({ text }) => `  ${text}`).join('\n');
  throw new EnrollError(
    `the namespaces hold what enroll did not make; with them it would be lost. Nothing was removed. A session pod means that a backup is under way. Move or remove it yourself, then run this again:\n${list}`,
  );
}

async function findAll(api: AdminApi, objects: readonly OverlayObject[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const object of objects) {
    const read = await api.get(pathOfObject(object));
    if (read === undefined) continue;
    const { uid, managedFields = [] } = live.parse(read).metadata;
    const appliers = managedFields
      .filter(({ operation, manager }) => operation === 'Apply' || manager === 'kubectl-client-side-apply')
      .map(({ manager }) => manager ?? '');
    const others = appliers.filter((each) => each !== enrollManager);
    found.push({ object, uid, others, isOurs: appliers.includes(enrollManager) });
  }
  return found;
}

function whyKept({ isOurs, others }: Found): string {
  if (!isOurs) return 'enroll did not make it';
  return `${others.join(', ')} applies it too`;
}

/** What would go with the namespaces although enroll did not make it. */
async function strangers(api: AdminApi, ours: readonly Found[]): Promise<readonly StrangeObject[]> {
  const namespaces = ours
    .filter(({ object }) => object.kind === 'Namespace')
    .map(({ object }) => object.metadata.name);
  const secrets = await tokenSecrets(api);
  const known = new Set([...ours.map(({ uid }) => uid), ...secrets.map(({ metadata }) => metadata.uid)]);
  const found = await Promise.all(namespaces.map((namespace) => strangersIn(api, namespace, known)));
  return found.flat();
}
