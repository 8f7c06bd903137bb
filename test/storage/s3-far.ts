import type { TestContext } from 'node:test';
import type { S3Options } from '../../src/storage/s3/s3-options.ts';
import type { Destination } from '../../src/workflow/ports/destination.ts';
import { type S3Front, s3Front } from './s3-front.ts';
import { type S3Lab, s3Lab } from './s3-lab.ts';

/** A real server behind a front that can answer in its stead. */
export interface Far {
  readonly lab: S3Lab;
  readonly front: S3Front;
  /** Milliseconds that the destination waited; the waits are over at once. */
  readonly waited: number[];
  readonly place: (changes?: Partial<S3Options>) => Destination;
}

export async function throughFront(
  t: TestContext,
  kind: 'plain' | 'lockable' = 'plain',
): Promise<Far | undefined> {
  const lab = await s3Lab(t, kind);
  if (!lab) return undefined;
  const front = await s3Front(lab.server);
  t.after(() => front.close());
  const waited: number[] = [];
  const clock = {
    now: () => Date.now(),
    sleep: async (ms: number) => {
      waited.push(ms);
    },
  };
  const place = (changes?: Partial<S3Options>) =>
    lab.destination({ endpoint: front.endpoint, clock, ...changes });
  return { lab, front, waited, place };
}
