import type { App } from '@slack/bolt';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { StepWord } from '../../workflow/restore-room/room-actions.ts';
import type { OpenRoomAnswer, RoomAnswer } from '../../workflow/restore-room/room-answer.ts';
import {
  actionIds,
  afterRestoreReason,
  type Context,
  type Message,
  parseRoomButton,
  parseSkipPlace,
  type RoomButton,
  restorePlanAnswer,
  roomAnswer,
  type SkipFormPlace,
  type SkipFormProblem,
  skipForm,
  skipFormErrors,
  skipFormNotOpened,
  skipFormView,
} from '../messages/index.ts';
import { acknowledgeFirst, recordFirst } from './acknowledge.ts';
import { type Click, onButton, onSubmission, type Submission } from './adapter.ts';
import { answerPrivately, contextFor, contextOf, requested, withCardLink } from './answer.ts';
import type { Command } from './command-text.ts';
import type { Delivery, ListenerDeps } from './listener.ts';
import { openView } from './views.ts';

/** `restore-plan CLUSTER start` and `stop`. */
export function startOrStopRoom(
  deps: ListenerDeps,
  delivery: Delivery,
  command: Extract<Command, { kind: 'restore-plan' }>,
): Promise<void> {
  const { backups } = deps;
  if (command.room === 'stop')
    return recordFirst(
      deps,
      delivery,
      () => backups.stopRoom(delivery, { cluster: command.what }),
      roomAnswer,
    );
  return recordFirst(
    deps,
    delivery,
    () => backups.openRoom(delivery, command),
    (answer, context) => opened(deps, answer, context),
  );
}

/** With the address of its thread, where it has one already. */
async function opened(deps: ListenerDeps, answer: OpenRoomAnswer, context: Context): Promise<Message> {
  switch (answer.outcome) {
    case 'no-copies':
    case 'no-such-run':
    case 'no-such-moment':
      return restorePlanAnswer(answer, context);
  }
  return roomAnswer(answer, await withCardLink(deps, context, placeOf(answer)));
}

function placeOf(answer: RoomAnswer): MessagePlace | undefined {
  return 'room' in answer ? answer.room.message : undefined;
}

/** The buttons of a room. They carry ids and nothing more: what may be said of a step is decided from the record. */
export function listenToRestoreRooms(app: App, deps: ListenerDeps): void {
  const { backups } = deps;
  for (const [actionId, word] of [
    [actionIds.restoreTake, 'take'],
    [actionIds.restoreDone, 'done'],
    [actionIds.restoreFailed, 'failed'],
    [actionIds.restoreMeanwhile, 'meanwhile'],
  ] as const satisfies readonly (readonly [string, StepWord])[]) {
    onRoomButton(app, deps, actionId, (click, { room, step }) =>
      recordFirst(deps, click, () => backups.sayOfStep(click, { room, step, word }), refusalAlone),
    );
  }
  onRoomButton(app, deps, actionIds.restoreStop, (click, { room }) =>
    recordFirst(deps, click, () => backups.stopRoom(click, { room }), roomAnswer),
  );
  onRoomButton(app, deps, actionIds.restoreBackUp, (click, button) => backUpAfterwards(deps, click, button));
  onRoomButton(app, deps, actionIds.restoreSkip, (click, button) => openSkipForm(deps, click, button));
  listenToSkipForm(app, deps);
}

/** What is on record the thread shows, to everybody. */
function refusalAlone(answer: RoomAnswer, context: Context): Message | undefined {
  return answer.outcome === 'on-record' ? undefined : roomAnswer(answer, context);
}

function onRoomButton(
  app: App,
  deps: ListenerDeps,
  actionId: string,
  handle: (click: Click, button: RoomButton) => Promise<void>,
): void {
  onButton(app, deps, actionId, (click) => {
    const button = parseRoomButton(click.value);
    if (button) return handle(click, button);
    return acknowledgeFirst(deps, click, async () => ({ outcome: 'no-such-room' }) as const, roomAnswer);
  });
}

/** The reason is in the language of the cluster's channel: the card is there. */
function backUpAfterwards(deps: ListenerDeps, click: Click, { cluster }: RoomButton): Promise<void> {
  const language = deps.fleet.cluster(cluster)?.language ?? deps.language;
  const reason = afterRestoreReason(contextFor(deps, language, cluster));
  return recordFirst(
    deps,
    click,
    () => deps.backups.request(click, { cluster, reason, node: undefined, emergency: undefined }),
    (answer, context) => requested(deps, answer, context),
  );
}

/** A step that is settled, or that another person does, is found out when the form is sent. */
async function openSkipForm(deps: ListenerDeps, click: Click, button: RoomButton): Promise<void> {
  const { slackUser, channel } = click;
  const fallback = deps.fleet.cluster(button.cluster)?.language ?? deps.language;
  const known = deps.people.languageKnown(slackUser, fallback);
  const view = skipFormView({ ...button, channel }, contextFor(deps, known, button.cluster));
  if ((await openView(deps, click, view)) !== 'failed') return;
  await answerPrivately(deps, click, skipFormNotOpened(await contextOf(deps, click, button.cluster)));
}

function listenToSkipForm(app: App, deps: ListenerDeps): void {
  onSubmission(app, deps, skipForm.view, (submission) => {
    const place = parseSkipPlace(submission.view.private_metadata);
    const asked = { ...submission, channel: place?.channel ?? '' };
    // What a better reason can fix stays in the form; everything else is said privately.
    return recordFirst(deps, asked, () => skip(deps, asked, place), refusalAlone, {
      refuse: submission.refuse,
      errorsFor(answer) {
        const problem = answer ?? ({ outcome: 'not-recorded' } as const);
        if (!isProblem(problem)) return undefined;
        return (language) => skipFormErrors(problem, contextFor(deps, language, place?.cluster));
      },
    });
  });
}

async function skip(
  { backups }: ListenerDeps,
  asked: Submission,
  place: SkipFormPlace | undefined,
): Promise<RoomAnswer> {
  if (!asked.ours) return { outcome: 'refused-person', accountKind: 'stranger' };
  if (!place) return { outcome: 'no-such-room' };
  const reason = asked.view.state.values[skipForm.reason]?.[skipForm.reason]?.value ?? '';
  return backups.skipStep(asked, { room: place.room, step: place.step, reason });
}

function isProblem(answer: RoomAnswer | SkipFormProblem): answer is SkipFormProblem {
  return ['reason-missing', 'reason-too-long', 'not-recorded'].includes(answer.outcome);
}
