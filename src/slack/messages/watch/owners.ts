import { blockers } from '../../../domain/preflight/finding.ts';
import type { BackupRun } from '../../../domain/run/run.ts';
import type { ClusterNotice, ConfigMessage, OwnerMessage } from '../../../domain/watch/cluster-notice.ts';
import { placeOwnerMessage } from '../copies/places.ts';
import { type Message, message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, type Markup } from '../kit/markup.ts';
import type { Spoken } from '../kit/spoken-text.ts';
import { linksTo } from '../kit/texts-by.ts';
import type { Tools } from '../kit/tools.ts';
import { reasonLines } from '../preflight/findings.ts';
import { failureText, statusText } from '../run/run-facts.ts';
import { pauseOwnerMessage } from './pause.ts';
import type { WatchContext } from './reminder.ts';
import { ownerWords } from './words.ts';

/** `run`: the newest scheduled run; undefined: its record is not to be had. `elsewhere`: this bot does not back the cluster up. */
export type OwnerContext = WatchContext & {
  readonly run: BackupRun | undefined;
  readonly elsewhere?: boolean;
};
export type EscalationContext = OwnerContext & {
  readonly owners: readonly string[];
  readonly onCall: string | undefined;
};

/** Scheduled backups failed several times in a row: posted in the channel, for all who can do something about it. */
export function escalationMessage(
  notice: Extract<ClusterNotice, { kind: 'escalation' }>,
  context: EscalationContext,
): Message {
  const t = toolsFor(context);
  const { cluster, owners, onCall } = context;
  const mentions = [
    ...(owners.length === 0 ? [] : [t.people(owners)]),
    ...(onCall === undefined ? [] : [t.group(onCall)]),
  ];
  const title = ownerWords(t).escalation({ cluster, failures: notice.failures, mentions });
  return message({
    sections: [title, ...failedRun(notice, context, t)],
    text: [title, ...spokenRun(notice, context, t)],
    rest: t.restInFile(notice.runId),
  });
}

/** To one owner alone. */
export function ownerMessage(say: OwnerMessage, context: OwnerContext): Message {
  const t = toolsFor(context);
  const owners = ownerWords(t);
  const { cluster } = context;
  if (say.type === 'config-mistaken' || say.type === 'config-correct') return configMessage(say, t);
  if (say.type === 'cluster-left') {
    const said = [owners.clusterLeft({ cluster }), owners.clusterBack()];
    return message({ sections: [...said, owners.youAreOwner()], text: said, rest: t.rest('') });
  }
  if (say.type === 'place-not-known') return placeOwnerMessage(say, context);
  if (say.type === 'paused' || say.type === 'pause-over') return pauseOwnerMessage(say, context);
  if (say.type === 'credentials-end' || say.type === 'credentials-refused') {
    const said =
      say.type === 'credentials-end'
        ? owners.credentialsEnd({ cluster, say })
        : owners.credentialsRefused({ cluster, say });
    const next = owners.renewCredentials({ cluster });
    return message({ sections: [said, next, owners.youAreOwner()], text: [said, next], rest: t.rest('') });
  }
  if (say.type === 'restore-room') {
    const said = owners.restoreRoom({ cluster, say });
    return message({
      sections: [said, owners.youAreOwner()],
      text: [said],
      rest: t.restInFile(say.runId),
    });
  }
  if (say.type === 'channel-lost') {
    const said = owners.channelLost({ cluster, say });
    return message({
      sections: [...said, owners.youAreOwner()],
      text: said.slice(0, 1),
      rest: t.rest(''),
    });
  }
  const title = owners.failedTitle({ cluster, failures: say.failures });
  return message({
    sections: [title, ...failedRun(say, context, t), owners.youAreOwner()],
    text: [title, ...spokenRun(say, context, t)],
    rest: t.restInFile(say.runId),
  });
}

/** Of the configuration as a whole, not of one cluster. */
function configMessage(say: ConfigMessage, t: Tools): Message {
  const owners = ownerWords(t);
  const said =
    say.type === 'config-correct'
      ? [owners.configCorrect()]
      : [
          owners.configMistaken(say),
          lines(
            ...say.mistakes.map((each) => owners.configFile(each)),
            say.count > say.mistakes.length ? owners.configMore(say.count - say.mistakes.length) : undefined,
          ),
          owners.configNext(),
        ];
  return message({ sections: [...said, owners.youOwnClusters()], text: said, rest: t.rest('doctor') });
}

function failedRun(
  {
    runId,
    nextStartAt,
    retries,
  }: {
    readonly runId: string;
    readonly nextStartAt: number | undefined;
    readonly retries?: number;
  },
  context: OwnerContext,
  t: Tools,
): readonly Markup[] {
  const { run, cluster } = context;
  const status = run && statusText(run, t);
  const links = linksTo(context.cardLink);
  return [
    lines(ownerWords(t).lastRun({ runId, status }, links), ...reasons(run, t)),
    ...(retries === undefined ? [] : [ownerWords(t).retried(retries)]),
    lines(ownerWords(t).byHand({ cluster, runId }), ownerWords(t).nextTry(nextStartAt)),
  ];
}

function spokenRun(
  { runId, nextStartAt }: { readonly runId: string; readonly nextStartAt: number | undefined },
  { run, cluster }: OwnerContext,
  t: Tools,
): Spoken {
  const next = ownerWords(t).nextTry(nextStartAt);
  return [...reasons(run, t), ownerWords(t).byHand({ cluster, runId }), next];
}

/** Why it failed and what to do about it, or what the checks found against it. */
function reasons(run: BackupRun | undefined, t: Tools): readonly Markup[] {
  const owners = ownerWords(t);
  if (run?.failed) {
    const said = failureText(run.failed, t);
    return [owners.reason(said.failed), owners.fix(said.next)];
  }
  return run?.status === 'blocked' ? reasonLines(blockers(run.findings), t) : [];
}
