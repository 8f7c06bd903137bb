import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { mayHaveBeenDone, slackFailure } from '../client/slack-failure.ts';
import { lookEveryMs, lookForFiles, sharedWithinMs } from '../client/uploaded-files.ts';
import type { OutboxDeps } from './deps.ts';
import { NotYetError } from './not-yet-error.ts';

/**
 * Uploads files for a message of the outbox, once as far as Slack lets us look. undefined: they are there; else why not, in a few
 * words: Slack may take messages and no files (a scope, a proxy). Throws NotYetError while the files of an earlier try
 * may still appear, or what is transient.
 */
export type UploadOnce = (
  item: Pick<OutboxItem, 'id' | 'mayHaveArrived'>,
  under: MessagePlace,
  names: readonly string[],
  upload: () => Promise<void>,
) => Promise<string | undefined>;

const maxTries = 3;
const never = Number.NEGATIVE_INFINITY;

export function createUploadOnce(deps: OutboxDeps): UploadOnce {
  const { clock } = deps;
  /** Tries of this process, by the message's number in the outbox; `appearsBy`: ms of the monotonic clock. */
  const tries = new Map<number, { count: number; failure: string; appearsBy: number }>();
  return async ({ id, mayHaveArrived }, { channel, ts }, names, upload) => {
    // A process that has just started does not know how long ago the last try was.
    const appearsBy = mayHaveArrived ? clock.monotonic() + sharedWithinMs : never;
    const before = tries.get(id) ?? { count: 0, failure: 'no answer', appearsBy };
    tries.set(id, before);
    if (mayHaveArrived) {
      const found = await lookForFiles(deps, { channel, threadTs: ts }, names);
      if (found === 'absent' && clock.monotonic() < before.appearsBy)
        throw new NotYetError('the files of an earlier try may still appear', {
          afterMs: lookEveryMs,
          mayHaveArrived: true,
        });
      if (found === 'there') return void tries.delete(id);
    }
    if (before.count >= maxTries) return before.failure;
    try {
      await upload();
      return void tries.delete(id);
    } catch (error) {
      const failure = slackFailure(error);
      // A proxy may let messages pass and no files: what is said instead finds out.
      if (failure.kind === 'refused' || failure.kind === 'proxy-refused') {
        tries.delete(id);
        return failure.detail;
      }
      const mayAppear = mayHaveBeenDone(failure) ? clock.monotonic() + sharedWithinMs : never;
      tries.set(id, { count: before.count + 1, failure: failure.detail, appearsBy: mayAppear });
      throw error;
    }
  };
}
