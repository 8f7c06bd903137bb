import { X509Certificate } from 'node:crypto';
import * as z from 'zod';
import { localPath } from './values.ts';

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM file, in order. Text around them (bundles carry names in comments) is left out. */
export function certificatesIn(pem: string): readonly string[] {
  return pem.match(block) ?? [];
}

const expected = 'certificates in PEM form, as {file: PATH}';

/** Certificates as one PEM text. */
export const certificates = z
  .union([z.string(), z.strictObject({ file: localPath('the path of a PEM file') })], { error: expected })
  .transform((value, context) => {
    const found = typeof value === 'string' ? certificatesIn(value) : [];
    if (found.length > 0 && found.every(isReadable)) return found.join('\n');
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });

function isReadable(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
