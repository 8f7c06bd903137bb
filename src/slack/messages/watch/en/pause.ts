import type { ActivePause, Pause, PauseEnd } from '../../../../domain/policy/pause.ts';
import type { CoverageState } from '../../../../domain/watch/coverage.ts';
import type { PauseAnswer } from '../../../../workflow/access/backups.ts';
import { plural } from '../../kit/en/terms.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Refused, Says, TextsBy } from '../../kit/texts-by.ts';
import type { Tools } from '../../kit/tools.ts';

/** Does not apply to a cluster that others back up. */
const fromNow = (elsewhere: boolean) =>
  elsewhere ? '' : md` Reminders, alarms and the schedule go by what the cluster is now.`;

/** What changes while it is paused. `elsewhere`: this bot does not back it up, here and below. */
const means = ({ cluster, elsewhere }: { cluster: string; elsewhere: boolean }, t: Tools) =>
  elsewhere
    ? md`This bot does not back it up, so there is no reminder, no alarm and no scheduled backup of it, paused or not. While it is paused, ${t.command(`ready-to-update ${cluster}`)} answers no.`
    : md`While it is paused there is no reminder, no alarm and no scheduled backup of it. A backup can still be taken by hand.`;

const example = (cluster: string) => `pause ${cluster} until=3d reason="why"`;

export const pause = (t: Tools) => ({
  asked: ({ cluster, pause: p }: { cluster: string; pause: Pause }) =>
    md`⏸️ *${t.person(p.by.slackUser)} asks to pause ${cluster}* until ${t.moment(p.until)}: ${t.quote(p.reason)}`,
  means: (p: { cluster: string; elsewhere: boolean }) => means(p, t),
  active: ({ cluster, pause: p }: { cluster: string; pause: Pause }) => {
    const second = p.approvedBy === undefined ? '' : md`, approved by ${t.person(p.approvedBy.slackUser)}`;
    return md`⏸️ *${cluster} is paused* until ${t.moment(p.until)} by ${t.person(p.by.slackUser)}${second}: ${t.quote(p.reason)}`;
  },
  needs: ({ pause: p, approvers }: { pause: Pause; approvers: readonly string[] }) => {
    const whom =
      approvers.length === 0
        ? md`a second person`
        : md`one of ${t.people(approvers)}, not of the person who asked`;
    const until =
      p.since === undefined && p.expiresAt !== undefined ? md` · expires ${t.moment(p.expiresAt)}` : '';
    return md`Needs the approval of ${whom}${until}`;
  },
  resumeAsked: ({ cluster, by }: { cluster: string; by: string }) =>
    md`▶️ *${t.person(by)} asks to end the pause of ${cluster} now.* It stays paused until a second person approves, or until its time is over.`,
  ended: {
    ended: (end, cluster, _pause, elsewhere) =>
      md`▶️ *${cluster} is watched again:* its pause ended ${t.time(end.at)}.${fromNow(elsewhere)}`,
    resumed: (end, cluster, _pause, elsewhere) => {
      const second =
        end.approvedBy === undefined ? '' : md`, approved by ${t.person(end.approvedBy.slackUser)}`;
      return md`▶️ *${cluster} is watched again:* ${t.person(end.by.slackUser)} ended the pause ${t.time(end.at)}${second}.${fromNow(elsewhere)}`;
    },
    replaced: (_end, cluster) =>
      md`⏸️ A newer pause of *${cluster}*, or a newer request for one, took the place of this one.`,
    refused: (end, cluster, p) =>
      end.by.slackUser === p.by.slackUser
        ? md`🚫 ${t.person(end.by.slackUser)} took the request to pause *${cluster}* back.`
        : md`🚫 ${t.person(end.by.slackUser)} did not agree to pause *${cluster}*, as ${t.person(p.by.slackUser)} had asked${end.reason === undefined ? '' : md`: ${t.quote(end.reason)}`}.`,
    expired: (_end, cluster, p) =>
      md`⌛ No second person agreed in time to pause *${cluster}*, as ${t.person(p.by.slackUser)} had asked. It is watched as before.`,
  } satisfies TextsBy<'kind', PauseEnd, [cluster: string, pause: Pause, elsewhere: boolean]>,
  byText: ({ cluster, waits }: { cluster: string; waits: boolean }) =>
    waits
      ? md`By text: ${t.command(`approve ${cluster}`)} · ${t.command(`reject ${cluster}`)}`
      : md`By text: ${t.command(`resume ${cluster}`)}`,
  buttons: { approve: 'Approve', reject: 'Reject', resume: 'End the pause now' },
  /** By whom, until when and why, in one line. */
  line: (p: ActivePause) =>
    md`⏸️ Paused until ${t.moment(p.until)} by ${t.person(p.by.slackUser)}: ${t.quote(p.reason)}`,
  /** The same, where the cluster is not named beside it. */
  note: ({ cluster, pause: p }: { cluster: string; pause: ActivePause }) =>
    md`⏸️ ${t.code(cluster)} is paused until ${t.moment(p.until)} by ${t.person(p.by.slackUser)}: ${t.quote(p.reason)}`,
  /** A few words, behind the state. */
  short: (p: ActivePause) => md`⏸️ paused until ${t.moment(p.until)}`,
  count: (count: number) => md`⏸️ paused: ${count}`,
  /** Above the paused clusters of the weekly summary. */
  summaryTitle: (count: number) =>
    md`*${plural(count, 'cluster is', 'clusters are')} paused:* no reminder, no alarm, no scheduled backup`,
  owners: {
    over: ({ cluster, end }: { cluster: string; end: PauseEnd }) =>
      end.kind === 'resumed'
        ? md`▶️ *${cluster} is watched again:* ${t.person(end.by.slackUser)} ended its pause ${t.time(end.at)}.`
        : md`▶️ *${cluster} is watched again:* its pause ended ${t.time(end.at)}.`,
    stateNow: (p: { cluster: string; state: CoverageState; sign: Markup; canRun: boolean }) => {
      const now = md`Its state now: ${p.sign}.`;
      if (p.state === 'elsewhere') return now;
      const byHand = p.canRun ? md` A backup by hand: ${t.command(`run ${p.cluster}`)}` : '';
      return md`${now} Reminders, alarms and the schedule begin from here.${byHand}`;
    },
  },
  answers: {
    paused: ({ cluster, pause: p, elsewhere = false }) =>
      md`⏸️ ${t.code(cluster)} is paused until ${t.time(p.until)}. ${elsewhere ? means({ cluster, elsewhere }, t) : md`There is no reminder, no alarm and no scheduled backup until then; a run under way goes on.`} The cluster's channel shows it. To end it sooner: ${t.command(`resume ${cluster}`)}`,
    'pause-asked': ({ cluster, pause: p }) =>
      md`You are no owner of ${t.code(cluster)}, so a second person has to agree: the request is in the cluster's channel${p.expiresAt === undefined ? '' : md` until ${t.moment(p.expiresAt)}`}. Until it is approved, nothing changes.`,
    resumed: ({ cluster, elsewhere = false }) =>
      md`▶️ ${t.code(cluster)} is watched again.${fromNow(elsewhere)}`,
    'resume-asked': ({ cluster, pause: p }) =>
      md`You neither own ${t.code(cluster)} nor paused it, so a second person has to agree: the request is in the cluster's channel. Until then it stays paused, at the longest until ${t.time(p.until)}.`,
    'pause-refused': ({ cluster, pause: p }) =>
      p.since === undefined
        ? md`${t.code(cluster)} is not paused; the request is over.`
        : md`${t.code(cluster)} stays paused until ${t.time(p.until)}.`,
    'not-paused': ({ cluster }) =>
      md`${t.code(cluster)} is not paused, so there is nothing to end. ${t.command('')} shows its state.`,
    'other-pause': ({ cluster, pause: p }) =>
      md`That pause of ${t.code(cluster)} is over, and nothing was changed. Another one is in force, until ${t.moment(p.until)} by ${t.person(p.by.slackUser)}: ${t.quote(p.reason)}. To end this one: ${t.command(`resume ${cluster}`)}`,
    'pause-over': ({ cluster }) =>
      md`Nothing of ${t.code(cluster)} waits for a decision on a pause: it was decided already, or it is over. Nothing was changed.`,
    'which-request': ({ cluster, decision, runId, pauses }) => {
      const run = runId === undefined ? undefined : t.command(`${decision} ${runId}`);
      if (run === undefined)
        return md`Two requests about a pause of ${t.code(cluster)} wait: a new one, and one to end the present one. Nothing was decided. Use the buttons of the one that you mean, in the cluster's channel.`;
      if (pauses === 0)
        return md`No request about a pause of ${t.code(cluster)} waits, but a backup does. Nothing was decided. If you mean that one, name its run: ${run}`;
      return md`A backup of ${t.code(cluster)} waits for a decision, and so does a pause. Nothing was decided. For the backup, name its run: ${run} For the pause, use the buttons of its message in the cluster's channel.`;
    },
    'own-request': ({ cluster }) =>
      md`This is your own request, so a second person has to agree to it. To take it back: ${t.command(`reject ${cluster}`)}`,
    'not-an-approver': ({ cluster, approvers }) =>
      md`You may not decide on this for ${t.code(cluster)}. Ask one of ${t.people(approvers)}.`,
    'until-missing': ({ cluster }) =>
      md`Until when? A pause always has an end, at most 30 days ahead: ${t.command(example(cluster))} Or name a day, on the cluster's clock: ${t.code('until=2026-12-01')}, ${t.code('until="2026-12-01 08:00"')}`,
    'until-unreadable': ({ cluster, typed }) =>
      md`The bot does not understand ${t.code(`until=${typed}`)}. A span: ${t.code('until=8h')}, ${t.code('until=3d')}, ${t.code('until=2w')}. A day or a time on the cluster's clock: ${t.code('until=2026-12-01')}, ${t.code('until="2026-12-01 08:00"')}. Like this: ${t.command(example(cluster))}`,
    'until-past': ({ until }) =>
      md`${t.time(until)} is over, or almost. Name a later time; nothing was changed.`,
    'until-too-far': ({ until, latest }) =>
      md`${t.time(until)} is too far: a pause lasts 30 days at most, so until ${t.time(latest)}. A cluster that is gone for longer should leave the bot's configuration. Nothing was changed.`,
    'pause-reason-missing': ({ cluster }) =>
      md`Why? Everybody who meets the paused cluster reads it: ${t.command(example(cluster))}`,
    'reason-too-long': (answer) =>
      md`The reason has ${t.number(answer.length)} characters; ${t.number(answer.max)} are possible. Shorten it and ask again; nothing was changed.`,
    duplicate: () => t.terms.onRecordAlready,
  } satisfies Says<PauseAnswer, Refused['outcome']>,
});
