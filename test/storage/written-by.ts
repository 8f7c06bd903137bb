import { spawn } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { follow } from '../../src/openshift/node/follow-file.ts';
import type { Body } from '../../src/workflow/ports/destination.ts';

/** What a shell script writes; `failure`: thrown when it has ended, as by one who compares digests. */
export function writtenBy(script: string, failure?: Error): Body & { seen: { size: number; hash: Hash } } {
  const seen = { size: 0, hash: createHash('sha256') };
  return {
    seen,
    async *[Symbol.asyncIterator]() {
      yield await Promise.reject<Uint8Array>(new Error('to be written, not to be read'));
    },
    async *into(file) {
      const writer = spawn('sh', ['-c', script], { stdio: ['ignore', file.fd, 'inherit'] });
      for await (const piece of follow(file, once(writer, 'exit'))) {
        seen.size += piece.byteLength;
        seen.hash.update(piece);
        yield piece;
      }
      if (failure) throw failure;
    },
  };
}
