import type { WeeklySummary } from '../../domain/fleet/weekly-summary.ts';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { OutboxItem } from '../../workflow/ports/records.ts';
import { lateMs, readSummary } from '../../workflow/watch/weekly-summary.ts';
import { uploadPicture } from '../client/upload.ts';
import {
  type Context,
  pictureAlt,
  pictureMissing,
  pictureText,
  shortForms,
  summaryMessage,
  summaryPicture,
} from '../messages/index.ts';
import { contextOf } from './deps.ts';
import type { LiveMessage } from './live-messages.ts';
import { findEarlier, markOf, postMarked } from './marked-posts.ts';
import { NotYetError } from './not-yet-error.ts';
import type { PosterDeps } from './poster-deps.ts';
import { inWords, UnpostableError } from './unpostable-error.ts';

const fileName = 'etcd-backups.png';

/** Posts the summary of a slot, and into its thread its picture or why there is none. Returns the summary's ts. */
export async function postSummary(
  deps: PosterDeps,
  item: OutboxItem,
  slot: number,
): Promise<string | undefined> {
  const { records, clock, log, summary: configured } = deps;
  if (!configured) throw new UnpostableError('no weekly summary is configured (any more)');
  // A clock that was set back would not find the slot otherwise.
  const newest = await records.newestSummary({ now: Math.max(slot, clock.now()) });
  if (newest?.slot !== slot || clock.now() - slot > lateMs)
    throw new UnpostableError('a newer slot or schedule took its place, or Slack did not take it for a day');
  const { policy } = configured;
  const context = contextOf(deps, policy.language, policy);
  const summary = await readSummary(deps);
  const live: LiveMessage = {
    mark: { summary: slot },
    place: newest.place,
    channel: policy.channel,
    sinceMs: item.createdAt,
    draw: async () => {
      const message = inWords(() => summaryMessage(summary, context));
      return { message, shorter: inWords(() => shortForms(message, '', context)) };
    },
    posted: (place) => records.summaryPosted(slot, place),
    closed: async (at) => at,
  };
  // The text is posted: whatever becomes of the picture, nothing of it is taken back.
  const place = newest.place ?? (await deps.live.show(live, { mayHaveArrived: item.attempts > 0 }));
  const why = await addPicture(deps, item, { slot, summary, place, context });
  if (why === undefined) return place.ts;
  log.warn({ trouble: why }, 'the picture of the weekly summary could not be added');
  const under = { channel: place.channel, threadTs: place.ts };
  const missing = inWords(() => pictureMissing(why, context));
  if (!(await findEarlier(deps, item, under))) await postMarked(deps.client, under, missing, markOf(item));
  return place.ts;
}

/** undefined: it is there, or there is nothing to show. Else why not, in a few words. */
async function addPicture(
  deps: PosterDeps,
  item: OutboxItem,
  posted: { slot: number; summary: WeeklySummary; place: MessagePlace; context: Context },
): Promise<string | undefined> {
  const { summary, place, context, slot } = posted;
  const picture = inWords(() => summaryPicture(summary, context));
  if (!picture) return undefined;
  const drawn = deps.drawing(slot, picture);
  if (drawn === undefined)
    throw new NotYetError('its picture is being drawn', { afterMs: 500, mayHaveArrived: false });
  if ('failed' in drawn) {
    deps.log.error({ err: drawn.failed }, 'the picture of the weekly summary could not be drawn');
    return drawn.failed instanceof Error ? drawn.failed.message : String(drawn.failed);
  }
  const alt = pictureAlt(summary, context);
  const file = { name: fileName, content: drawn.content, title: picture.title, alt };
  return deps.uploadOnce(item, place, [fileName], () =>
    uploadPicture(deps.client, place, file, pictureText(summary, context)),
  );
}
