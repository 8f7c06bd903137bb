import { restoredCommand } from '../../../domain/copies/restore-mark.ts';
import { isStepOpen, type RestoreRoom, unsettled } from '../../../domain/restore-room/room.ts';
import { actionIds } from '../kit/action-ids.ts';
import { button, type Message, message, stack } from '../kit/blocks.ts';
import { fromMarkdown } from '../kit/from-markdown.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup, md } from '../kit/markup.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { roomButtonValue } from './room-button.ts';
import { roomWords } from './words.ts';

/** Of the list of steps; a long restore has some thirty. It comes last: what does not fit is in the thread. */
const listRoom = 5_000;
/** Of the warnings, and of what has to be known first. */
const firstRoom = 4_000;

/** The first message of a room, as the room is now: how far it is, who does what, where the papers lie. */
export function roomMessage(room: RestoreRoom, context: Context): Message {
  const t = toolsFor(context);
  const say = roomWords(t);
  const { cluster, paper, openedBy, openedAt, end } = room;
  const title = say.title({ cluster, paper, by: openedBy.slackUser, at: openedAt });
  const skipped = room.steps.filter((step) => step.end?.kind === 'skipped').length;
  const settled = room.steps.filter((step) => step.end !== undefined).length;
  const progress = say.progress({ settled, skipped, steps: room.steps.length });
  const over = end && lines(say.ended({ end, left: unsettled(room).length }), after(room, t));
  const api = room.api ? say.api({ ...room.api, untouched: isUntouched(room) }) : say.notYetSeen();
  const papers = end ? say.papersHere() : say.withoutSlack();
  const more = () => t.rest(`restore-plan ${paper.runId}`);
  const open = stepLines(room, t, true);
  const list = stack(stepLines(room, t, false), { room: listRoom, more: (count) => say.more(count) });
  return message({
    text: over ? [over, title, progress] : [title, ...warnings(room, t), progress, api, papers],
    rest: t.rest(`audit ${paper.runId}`),
    sections: [
      ...(over ? [over] : []),
      title,
      // What speaks against this backup, then what is to be done now, then what is to be read once.
      ...(end
        ? [progress]
        : [
            ...stack(warnings(room, t), { room: firstRoom, more }),
            lines(md`${progress} ${say.how()}`, api),
            ...(open.length > 0 ? [lines(...open)] : []),
            ...stack(beforeLines(room, t), { room: firstRoom, more }),
          ]),
      lines(papers, locationLines(room, t)),
      ...(end
        ? [say.paper(paper)]
        : [lines(say.paper(paper), say.paused(room.pause !== undefined)), say.rule()]),
      ...list,
    ],
    buttons: end ? [] : [stopButton(room, t)],
  });
}

/** Where RESTORE.md lies; how people reach each place, where there are few enough to say it. */
function locationLines({ paper: { locations } }: RestoreRoom, t: Tools): Markup {
  if (locations.length > 4) return t.paths(locations.map(({ path }) => path));
  const say = roomWords(t);
  return lines(
    ...locations.map(({ path, where }) =>
      where === undefined ? t.paths([path]) : md`${t.paths([path])} ${say.reach(where)}`,
    ),
  );
}

/** No step has changed the cluster yet, as people said. */
function isUntouched({ steps }: RestoreRoom): boolean {
  return steps.every(({ phase, end }) => end === undefined || phase === 'fetch' || phase === 'check');
}

/** What RESTORE.md says before its steps. */
function beforeLines(room: RestoreRoom, t: Tools): readonly Markup[] {
  const { before } = room.paper;
  return isUntouched(room) && before.length > 0 ? [roomWords(t).before(), ...before.map(bullet)] : [];
}

function warnings({ paper }: RestoreRoom, t: Tools): readonly Markup[] {
  return paper.warnings.length === 0 ? [] : [roomWords(t).warnings(), ...paper.warnings.map(bullet)];
}

function bullet(text: string): Markup {
  return md`• ${fromMarkdown(text)}`;
}

/** What comes after a restore: only where etcd was restored, as people said. */
function after(room: RestoreRoom, t: Tools): Markup | undefined {
  const isRestored = room.steps.some(({ phase, end }) => phase === 'restore' && end?.kind === 'done');
  if (!isRestored) return undefined;
  return roomWords(t).after({
    cluster: room.cluster,
    restored: restoredCommand(room.cluster, room.paper.runId),
  });
}

/** Of open steps, or of settled ones. Newest first: where it is too long, the oldest are only counted. */
function stepLines({ steps }: RestoreRoom, t: Tools, open: boolean): readonly Markup[] {
  return steps
    .flatMap((step, index) => {
      if (step.openedAt === undefined || isStepOpen(step) !== open) return [];
      return [roomWords(t).line({ number: index + 1, step, title: fromMarkdown(step.text.title) })];
    })
    .toReversed();
}

function stopButton({ id }: RestoreRoom, t: Tools) {
  const { stop, stopConfirm } = roomWords(t);
  return button({ id: actionIds.restoreStop, label: stop, value: roomButtonValue(id), confirm: stopConfirm });
}

/** What the bot saw of the API, as a line of the thread. */
export function roomSeen(seen: { cluster: string; answers: boolean; at: number }, context: Context): Message {
  return message({ sections: [md`${roomWords(toolsFor(context)).seen(seen)}`] });
}
