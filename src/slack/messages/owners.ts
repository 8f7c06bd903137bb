import type { ClusterNotice, OwnerSay } from '../../domain/cluster-notice.ts';
import { blockers } from '../../domain/finding.ts';
import type { BackupRun } from '../../domain/run.ts';
import { type Message, message } from './blocks.ts';
import { type Voice, voiceFor } from './language.ts';
import { lines, link, type Markup } from './markup.ts';
import type { WatchContext } from './reminder.ts';
import { failureText, statusText } from './run-facts.ts';

/** `run`: the newest scheduled run; undefined: its record is not to be had. */
export type OwnerContext = WatchContext & { readonly run: BackupRun | undefined };
export type EscalationContext = OwnerContext & {
  readonly owners: readonly string[];
  readonly onCall: string | undefined;
};

/** Scheduled backups fail again and again: said in the channel, to everybody who can do something about it. */
export function escalationMessage(
  notice: Extract<ClusterNotice, { kind: 'escalation' }>,
  context: EscalationContext,
): Message {
  const voice = voiceFor(context);
  const { words, tools } = voice;
  const { cluster, owners, onCall } = context;
  const mentions = [
    ...(owners.length === 0 ? [] : [tools.people(owners)]),
    ...(onCall === undefined ? [] : [tools.group(onCall)]),
  ];
  return message({
    sections: [
      words.owners.escalation({ cluster, failures: notice.failures, mentions }),
      ...failedRun(notice, context, voice),
    ],
  });
}

/** To one owner alone. */
export function ownerMessage(say: OwnerSay, context: OwnerContext): Message {
  const voice = voiceFor(context);
  const { owners } = voice.words;
  const { cluster } = context;
  if (say.type === 'channel-lost') {
    return message({
      sections: [...owners.channelLost({ cluster, say }, voice.tools), owners.youAreOwner()],
    });
  }
  return message({
    sections: [
      owners.failedTitle({ cluster, failures: say.failures }),
      ...failedRun(say, context, voice),
      owners.youAreOwner(),
    ],
  });
}

function failedRun(
  { runId, nextStartAt }: { readonly runId: string; readonly nextStartAt: number | undefined },
  context: OwnerContext,
  voice: Voice,
): readonly Markup[] {
  const { words, tools } = voice;
  const { run, cluster } = context;
  const status = run && statusText(run, voice);
  const links = { card: (label: Markup) => link(context.cardLink, label) };
  return [
    lines(words.owners.lastRun({ runId, status }, tools, links), ...reasons(run, voice)),
    lines(words.owners.byHand({ cluster, runId }, tools), words.owners.nextTry(nextStartAt, tools)),
  ];
}

/** Why it failed and what to do about it, or what the checks found against it. */
function reasons(run: BackupRun | undefined, voice: Voice): readonly Markup[] {
  const { owners } = voice.words;
  if (run?.failed) {
    const said = failureText(run.failed.failure, voice);
    return [owners.reason(said.failed), owners.mend(said.next)];
  }
  return run?.status === 'blocked' ? voice.tools.reasons(blockers(run.findings)) : [];
}
