import { compare, type ExpectedFile, measured, refuseExcess } from './digest.ts';
import { MemberList } from './member-list.ts';

export interface VerifiedResources extends AsyncIterable<Uint8Array> {
  /** Known after the end: `static-pod-resources/etcd-pod-2` and so on, in the archive's order. */
  readonly directories: readonly string[];
}

/**
 * The same chunks of the static pod resources; throws CopyMismatchError at the end, before a destination gives them a name,
 * unless size and SHA-256 are the node's and the archive can be read to its end, has no member that could do harm when
 * it is unpacked, and holds all four static pods. May be iterated once.
 */
export function verifiedResources(
  body: AsyncIterable<Uint8Array>,
  expected: ExpectedFile,
): VerifiedResources {
  const members = new MemberList();
  return {
    get directories() {
      return members.directories;
    },
    async *[Symbol.asyncIterator]() {
      const counted = measured(body);
      try {
        for await (const chunk of counted) {
          refuseExcess(counted.passed, expected);
          await members.push(chunk);
          yield chunk;
        }
        // First: a damaged copy is not reported as an archive that was bad on the node already.
        compare(counted.measured(), expected);
        await members.finish();
      } finally {
        members.discard();
      }
    },
  };
}
