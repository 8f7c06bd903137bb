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

/** The objects that `kubectl apply -k DIR` would create, in the order of kustomization.yaml. */
export async function readManifests(directory: string): Promise<KubeObject[]> {
  const { resources } = parse(await readFile(join(directory, 'kustomization.yaml'), 'utf8')) as {
    resources: string[];
  };
  const texts = await Promise.all(resources.map((file) => readFile(join(directory, file), 'utf8')));
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as KubeObject));
}

/** The part of them that this server needs: the bot has exactly the rights that deploy/ gives. */
export async function readAccessManifests(directory: string): Promise<KubeObject[]> {
  const objects = await readManifests(directory);
  return objects.filter((object) => accessKinds.includes(object.kind ?? ''));
}
