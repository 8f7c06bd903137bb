import type { ClusterNotice } from '../../../domain/watch/cluster-notice.ts';
import type { NamedBackup, RestoredAnswer, RestoreEffect } from '../../../workflow/access/restored-answer.ts';
import { actionIds } from '../kit/action-ids.ts';
import { button, type Message, message, stack } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup } from '../kit/markup.ts';
import { oneSection, refusal } from '../kit/refusal.ts';
import { sayBy } from '../kit/texts-by.ts';
import type { Context, Tools } from '../kit/tools.ts';
import { fitsButton, watchButtonValue } from '../kit/watch-button.ts';
import { restoredWords } from './words.ts';

/** `owners`: Slack ids of those who are mentioned. */
export type RestoredContext = Context & { readonly cluster: string; readonly owners: readonly string[] };

/** To the person alone who said that a cluster was restored, or took it back. */
export function restoredAnswer(answer: RestoredAnswer, context: Context): Message {
  const t = toolsFor(context);
  const say = restoredWords(t);
  switch (answer.outcome) {
    case 'confirm-needed': {
      const { confirm } = say;
      const value = restoredButtonValue(answer);
      const title = confirm.title(answer);
      const means = answer.marked.length === 0 ? [] : [confirm.means(answer)];
      return message({
        sections: [title, ...effectSections(answer, confirm, t), ...means],
        text: [title, confirm.marked(answer.marked.length), ...means],
        rest: t.rest(`list ${answer.cluster}`),
        buttons: [button({ id: actionIds.restoredConfirm, label: confirm.button, value, style: 'danger' })],
      });
    }
    case 'declared': {
      const { declared } = say;
      const title = declared.title(answer);
      return message({
        sections: [title, ...effectSections({ ...answer, staying: [] }, declared, t), declared.next(answer)],
        text: [title, declared.marked(answer.marked.length), declared.next(answer)],
        rest: t.rest(`list ${answer.cluster}`),
      });
    }
    case 'revoked': {
      const { revoked } = say;
      const title = revoked.title(answer);
      const again = [revoked.back(answer.back.length), ...listed(answer.back, t)];
      const left =
        answer.marked.length === 0 ? [] : [revoked.marked(answer.marked.length), ...listed(answer.marked, t)];
      return message({
        sections: [title, lines(...again), ...(left.length === 0 ? [] : [lines(...left)])],
        text: [title, revoked.back(answer.back.length)],
        rest: t.rest(`list ${answer.cluster}`),
      });
    }
    case 'declared-already':
    case 'not-restored':
    case 'from-missing':
    case 'of-another-cluster':
    case 'nothing-verified':
    case 'at-unreadable':
    case 'at-ahead':
    case 'at-before-backup':
    case 'at-missing':
    case 'no-restore-right':
    case 'restore-right-unreadable':
    case 'duplicate':
      return oneSection(sayBy(say.refused, 'outcome', answer));
    default:
      return refusal(answer, context);
  }
}

interface EffectWords {
  readonly marked: (count: number) => Markup;
  readonly back: (count: number) => Markup;
  readonly staying?: (count: number) => Markup;
}

function effectSections(
  { marked, back, staying }: RestoreEffect,
  say: EffectWords,
  t: Tools,
): readonly Markup[] {
  const part = (words: Markup, named: readonly NamedBackup[]) => lines(words, ...listed(named, t));
  return [
    part(say.marked(marked.length), marked),
    ...(back.length === 0 ? [] : [part(say.back(back.length), back)]),
    ...(staying.length === 0 || !say.staying ? [] : [part(say.staying(staying.length), staying)]),
  ];
}

function listed(named: readonly NamedBackup[], t: Tools): readonly Markup[] {
  const say = restoredWords(t);
  return stack(named.map(say.backup), { room: 1_400, more: say.more });
}

/** What the button of a confirmation carries: ids and times, never authority. */
export function restoredButtonValue({
  cluster,
  from,
  at,
  fingerprint,
}: Extract<RestoredAnswer, { outcome: 'confirm-needed' }>): string {
  return `${cluster} ${from.runId} ${at} ${fingerprint}`;
}

/** Undefined: no message of ours had it. */
export function parseRestoredButton(text: string):
  | {
      readonly cluster: string;
      readonly from: string;
      readonly confirmed: { readonly at: number; readonly fingerprint: string };
    }
  | undefined {
  const [, cluster, from, at, fingerprint] =
    /^([^\s]{1,253}) (r-[0-9a-z]{8}) (\d{1,15}) ([0-9a-f]{12})$/.exec(text) ?? [];
  if (cluster === undefined || from === undefined || fingerprint === undefined) return undefined;
  return { cluster, from, confirmed: { at: Number(at), fingerprint } };
}

/** In the cluster's channel: a person said that it was restored, or took that back. */
export function restoredNotice(
  notice: Extract<ClusterNotice, { kind: 'restored' }>,
  context: RestoredContext,
): Message {
  const t = toolsFor(context);
  const { cluster, owners } = context;
  const say = restoredWords(t);
  const value = { cluster, id: notice.restore };
  const undo =
    notice.revoked || !fitsButton(value)
      ? []
      : [
          button({
            id: actionIds.restoredUndo,
            label: say.undoButton,
            value: watchButtonValue(value),
            confirm: say.undo,
          }),
        ];
  return message({ sections: [say.inChannel({ notice, cluster, owners })], buttons: undo });
}

/** In the cluster's channel: the bot itself asks. */
export function revisionFellNotice(
  notice: Extract<ClusterNotice, { kind: 'revision-fell' }>,
  context: RestoredContext,
): Message {
  const t = toolsFor(context);
  const { cluster, owners } = context;
  const sections = restoredWords(t).fell({ notice, cluster, owners });
  return message({ sections, text: sections, rest: t.rest(`list ${cluster}`) });
}
