import { X509Certificate } from 'node:crypto';
import type { CertificateFacts, ClusterFacts } from '../../domain/cluster/facts.ts';
import { known, type Reading, unknown } from '../../domain/cluster/reading.ts';
import type { ApiClient } from '../api/api-client.ts';
import type { Resource } from '../api/resource.ts';
import { configMap } from '../api/schemas.ts';

/** Public bundles only. The signers themselves lie in Secrets with their private keys and are never read. */
export const caBundleNames = ['csr-controller-ca', 'kube-apiserver-aggregator-client-ca'] as const;
export const caBundleNamespace = 'openshift-config-managed';
const bundleKey = 'ca-bundle.crt';
const blockStart = '-----BEGIN CERTIFICATE-----';
const blockEnd = '-----END CERTIFICATE-----';

export function readCaBundles(api: ApiClient): Promise<ClusterFacts['caBundles']> {
  return Promise.all(caBundleNames.map(async (name) => ({ name, bundle: await readBundle(api, name) })));
}

async function readBundle(
  api: ApiClient,
  name: string,
): Promise<ClusterFacts['caBundles'][number]['bundle']> {
  const resource: Resource = {
    group: '',
    version: 'v1',
    resource: 'configmaps',
    namespace: caBundleNamespace,
    name,
  };
  const reading = await api.get(resource, configMap);
  if (!reading.ok) return reading;
  const pem = reading.value.data?.[bundleKey];
  if (pem === undefined) return unknown('absent', `configmaps/${name}: no key ${bundleKey}`);
  const certificates = parseBundle(pem, `configmaps/${name}: ${bundleKey}`);
  return certificates.ok ? known({ name, certificates: certificates.value }) : certificates;
}

/** All certificates of a bundle, which usually holds several. One that cannot be read makes the whole unknown. */
function parseBundle(pem: string, what: string): Reading<readonly CertificateFacts[]> {
  const blocks = certificateBlocks(pem);
  if (blocks.length === 0) return unknown('malformed', `${what}: no certificate in it`);
  try {
    return known(blocks.map(parseCertificate));
  } catch {
    return unknown('malformed', `${what}: not every certificate can be read`);
  }
}

function certificateBlocks(pem: string): readonly string[] {
  const blocks: string[] = [];
  for (let start = pem.indexOf(blockStart); start >= 0; start = pem.indexOf(blockStart, start)) {
    const end = pem.indexOf(blockEnd, start);
    if (end < 0) break;
    blocks.push(pem.slice(start, end + blockEnd.length));
    start = end + blockEnd.length;
  }
  return blocks;
}

function parseCertificate(block: string): CertificateFacts {
  const certificate = new X509Certificate(block);
  return {
    subject: certificate.subject,
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
  };
}
