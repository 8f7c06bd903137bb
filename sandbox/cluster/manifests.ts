import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject } from './kube-object.ts';

/** Kinds of deploy/ that decide rights; the rest (Deployment, Secret, …) says nothing to this server. */
const accessKinds = [
  'Namespace',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
];

/** The objects that a kustomization takes from files, its own and those of the folders that it names, in their order. */
export async function readManifests(directory: string): Promise<KubeObject[]> {
  const { resources } = parse(await readFile(join(directory, 'kustomization.yaml'), 'utf8')) as {
    resources: string[];
  };
  const objects = await Promise.all(
    resources.map((entry) =>
      entry.endsWith('.yaml') ? readObjects(join(directory, entry)) : readManifests(join(directory, entry)),
    ),
  );
  return objects.flat();
}

async function readObjects(file: string): Promise<KubeObject[]> {
  return parseAllDocuments(await readFile(file, 'utf8')).map((document) => document.toJS() as KubeObject);
}

/** The part of them that this server needs: the bot has exactly the rights that deploy/overlays/managed gives. */
export async function readAccessManifests(directory: string): Promise<KubeObject[]> {
  const objects = await readManifests(directory);
  return objects.filter((object) => accessKinds.includes(object.kind ?? ''));
}
