import { createHash } from 'node:crypto';

const releases = 'quay.io/openshift-release-dev/ocp-release';
const parts = 'quay.io/openshift-release-dev/ocp-v4.0-art-dev';

/** The payload of one release: another version is another image, always the same one. */
export function releaseImage(version: string): string {
  return `${releases}@sha256:${digest(`release ${version}`)}`;
}

/** The image of the etcd pods that a release brings. */
export function etcdImageOf(version: string): string {
  return `${parts}@sha256:${digest(`etcd of ${version}`)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
