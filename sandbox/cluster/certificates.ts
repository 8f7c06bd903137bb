import { generate } from 'selfsigned';

const day = 24 * 60 * 60 * 1000;

export interface KeyPair {
  key: string;
  cert: string;
}

/** The CA of the API and the server's certificate for 127.0.0.1, localhost and `names` (PEM). */
export async function serverCertificates(
  names: readonly string[] = [],
  signer = 'kube-apiserver-lb-signer',
): Promise<{ ca: string; server: KeyPair }> {
  const ca = await certificate(signer, {
    ca: true,
    from: new Date(Date.now() - day),
    days: 365,
  });
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - day),
    notAfterDate: new Date(Date.now() + 364 * day),
    ca: { key: ca.key, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          ...names.map((value) => ({ type: 2 as const, value })),
        ],
      },
    ],
  });
  return { ca: ca.cert, server: { key: made.private, cert: made.cert } };
}

/** A self-signed certificate with a validity of `days` from `from`. */
export async function certificate(
  commonName: string,
  validity: { from: Date; days: number; ca?: boolean },
): Promise<KeyPair> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: validity.from,
    notAfterDate: new Date(validity.from.getTime() + validity.days * day),
    extensions: [
      { name: 'basicConstraints', cA: validity.ca ?? false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
    ],
  });
  return { key: made.private, cert: made.cert };
}
