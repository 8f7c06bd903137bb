import type { CopyTools } from '../../workflow/ports/copy-ports.ts';
import { measured } from './digest.ts';
import { encrypted } from './encrypt.ts';
import { verifiedResources } from './verified-resources.ts';
import { verifiedSnapshot } from './verified-snapshot.ts';

const verifiers = { snapshot: verifiedSnapshot, resources: verifiedResources } as const;

/** What happens to bytes on their way; each file is judged by its own format. */
export function copyTools(): CopyTools {
  return {
    measured,
    verified: (file, body, expected) => verifiers[file](body, expected),
    encrypted,
  };
}
