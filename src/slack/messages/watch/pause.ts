import type { Pause } from '../../../domain/policy/pause.ts';
import type { OwnerMessage } from '../../../domain/watch/cluster-notice.ts';
import type { CoverageState } from '../../../domain/watch/coverage.ts';
import type { PauseAnswer } from '../../../workflow/access/backups.ts';
import { actionIds } from '../kit/action-ids.ts';
import { button, type Message, message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup } from '../kit/markup.ts';
import { type AnswerContext, answerIn } from '../kit/refusal.ts';
import { sayBy } from '../kit/texts-by.ts';
import type { Tools } from '../kit/tools.ts';
import { fitsButton, watchButtonValue } from '../kit/watch-button.ts';
import type { WatchContext } from './reminder.ts';
import { coverageWords, ownerWords, pauseWords } from './words.ts';

/** `approvers`: Slack ids of those who may agree; empty: everybody who is mapped. */
export type PauseContext = WatchContext & ElsewhereToo & { readonly approvers: readonly string[] };

/** `elsewhere`: this bot does not back the cluster up. */
type ElsewhereToo = { readonly elsewhere?: boolean };

/** The one message of a pause, as it is now: asked for, in force, over. Its buttons are shown as long as they do something. */
export function pauseMessage(pause: Pause, context: PauseContext): Message {
  const t = toolsFor(context);
  const { cluster, approvers, elsewhere = false } = context;
  const say = pauseWords(t);
  if (pause.end) return message({ sections: [endText(pause, { cluster, elsewhere }, t)] });
  const waits = pause.since === undefined || pause.resumeAsked !== undefined;
  const head = pause.since === undefined ? say.asked({ cluster, pause }) : say.active({ cluster, pause });
  const asksToResume = pause.resumeAsked && [
    say.resumeAsked({ cluster, by: pause.resumeAsked.by.slackUser }),
  ];
  const means = say.means({ cluster, elsewhere });
  const needs = waits ? say.needs({ pause, approvers }) : undefined;
  return message({
    text: [...(asksToResume ?? []), head, needs, means],
    rest: t.rest(`status ${cluster}`),
    sections: [lines(head, means), ...(asksToResume ?? []), lines(needs, say.byText({ cluster, waits }))],
    buttons: buttonsOf(pause, cluster, t),
  });
}

function buttonsOf(pause: Pause, cluster: string, t: Tools) {
  if (!fitsButton({ cluster, id: pause.id })) return [];
  const { buttons } = pauseWords(t);
  const value = watchButtonValue({ cluster, id: pause.id });
  const approve = button({
    id: actionIds.pauseApprove,
    label: buttons.approve,
    value,
    style: 'primary',
  });
  const reject = button({ id: actionIds.pauseReject, label: buttons.reject, value });
  if (pause.since === undefined || pause.resumeAsked) return [approve, reject];
  return [button({ id: actionIds.pauseResume, label: buttons.resume, value })];
}

function endText(
  pause: Pause,
  { cluster, elsewhere }: { readonly cluster: string; readonly elsewhere: boolean },
  t: Tools,
): Markup {
  const { end } = pause;
  if (!end) throw new Error(`${pause.id} has not ended`);
  return sayBy(pauseWords(t).ended, 'kind', end, cluster, pause, elsewhere);
}

export function pauseOwnerMessage(
  say: Extract<OwnerMessage, { type: 'paused' | 'pause-over' }>,
  context: WatchContext & ElsewhereToo,
): Message {
  const t = toolsFor(context);
  const { cluster, elsewhere = false } = context;
  const { owners } = pauseWords(t);
  const about =
    say.type === 'paused'
      ? [
          lines(
            pauseWords(t).active({ cluster, pause: say.pause }),
            pauseWords(t).means({ cluster, elsewhere }),
          ),
        ]
      : [
          lines(
            owners.over({ cluster, end: say.end }),
            owners.stateNow({
              cluster,
              state: say.state,
              sign: coverageWords(t).state[say.state],
              canRun: canBackUp(say.state),
            }),
          ),
        ];
  const next = say.type === 'paused' ? [pauseWords(t).byText({ cluster, waits: false })] : [];
  return message({
    sections: [...about, ...next, ownerWords(t).youAreOwner()],
    text: [...about, ownerWords(t).youAreOwner()],
    rest: t.rest(`status ${cluster}`),
  });
}

/** To the person alone who paused, resumed or decided. */
export function pauseAnswer(answer: PauseAnswer, context: AnswerContext): Message {
  return answerIn(pauseWords(toolsFor(context)).answers, answer, context);
}

/** Not in the middle of an update, and not while it gives no answer. */
function canBackUp(state: CoverageState): boolean {
  return state === 'covered' || state === 'stale' || state === 'uncovered';
}
