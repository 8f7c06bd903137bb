import { createHash } from 'node:crypto';
import type { DrillTools } from '../../src/domain/drill/drill-tools.ts';
import type { Drill, DrillAttempt } from '../../src/workflow/ports/drill-ports.ts';

/** Programs of the etcd release that the sandbox's script names. */
export const labTools: DrillTools = { sets: [{ minor: '3.5', version: '3.5.16' }], problems: [] };

/** A drill that really reads the copy, and restores as the test says: tests of real programs are in test/workflow/drill/drill.test.ts. */
export function labDrill(
  restore: () => DrillAttempt | Promise<DrillAttempt>,
  tools: DrillTools = labTools,
): Drill {
  return {
    tools,
    async fetch(open) {
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of await open()) {
        hash.update(chunk);
        size += chunk.byteLength;
      }
      return { ok: true, snapshot: { size, sha256: hash.digest('hex'), remove: async () => undefined } };
    },
    restore: async () => restore(),
  };
}
