import type { AccountKind } from '../../../../domain/people/person.ts';
import type { PrivateMessage } from '../../../../domain/run/private-message.ts';
import { type Markup, md } from '../markup.ts';
import type { Refused, Says } from '../texts-by.ts';
import type { Tools } from '../tools.ts';

/** What is known of why Slack did not say who a person is. */
export type UnreadableProfile = Pick<
  Extract<PrivateMessage, { type: 'profile-unreadable' }>,
  'reason' | 'detail'
>;

export const refusedAccount: Readonly<Record<Exclude<AccountKind, 'member'>, Markup>> = {
  guest: md`Guests may neither ask for a backup nor decide on one. Ask a full member of this workspace.`,
  stranger: md`People of other workspaces may neither ask for a backup nor decide on one. Ask a member of this workspace.`,
  deactivated: md`This Slack account is deactivated, so it may neither ask for a backup nor decide on one. Ask a member of this workspace.`,
  bot: md`Bots may neither ask for a backup nor decide on one. A person has to do it.`,
};

export const profileUnreadable = ({ reason, detail }: UnreadableProfile) => {
  switch (reason) {
    case 'unauthorized':
    case 'forbidden':
      return md`Slack does not let the bot read who you are (${detail}), so nothing was done. Trying again does not help: ask the administrator of this bot to look at its Slack token and scopes.`;
    case 'absent':
      return md`Slack does not know your account in this workspace (${detail}), so nothing was done. Ask a member of this workspace.`;
    default:
      return md`Slack did not say who you are (${detail}), so nothing was done. Try again in a minute.`;
  }
};

const permitted = {
  endReminder: md`Ending a reminder`,
  startDrill: md`A restore drill`,
  verify: md`Reading the copies back`,
};

export const refusals = (t: Tools) =>
  ({
    'unknown-person': (_answer) =>
      md`The bot does not know which cluster user you are. Ask an administrator to add you under ${t.code('people')} in the bot's configuration.`,
    'refused-person': (answer) => refusedAccount[answer.accountKind],
    'profile-unreadable': profileUnreadable,
    'wrong-channel': (answer) =>
      md`The cluster ${t.code(answer.cluster)} cannot be used from this channel. Go to ${t.list(answer.allowed.map((id) => t.channel(id)))} and ask again there.`,
    'not-permitted': ({ cluster, clusterUser, act }) =>
      md`${permitted[act]} on ${t.code(cluster)} is for its owners and cluster-admins, and your cluster user ${t.code(clusterUser)} is not cluster-admin. Nothing was changed. Ask one of them.`,
    'permission-unreadable': ({ cluster, why }) =>
      md`Whether you are cluster-admin on ${t.code(cluster)} could not be read: ${t.why(why)}. Nothing was changed. ${t.remedy(why, md`Let the bot create SubjectAccessReviews.`)} An owner of the cluster can do it meanwhile.`,
    'being-removed': ({ cluster }) =>
      md`${t.code(cluster)} is being removed: it is no longer in the bot's configuration and leaves when what is under way there has ended. Nothing new begins. If that is a mistake, put its file back.`,

    'cluster-missing': (answer) =>
      answer.known.length === 0
        ? md`No cluster is configured. Ask an administrator to add one to the bot's configuration.`
        : md`Which cluster? Name one of ${t.names(answer.known)}, like this: ${t.command(`run ${answer.known[0]}`)}`,
    'unknown-cluster': (answer) =>
      answer.nearest === undefined
        ? md`There is no cluster ${t.code(answer.name)}. Known are ${t.names(answer.known)}.`
        : md`There is no cluster ${t.code(answer.name)}. Did you mean ${t.code(answer.nearest)}? Known are ${t.names(answer.known)}.`,
    'no-such-run': ({ runId, nearest }) =>
      md`There is no run ${t.code(runId)}. ${nearest === undefined ? '' : md`Did you mean ${t.code(nearest)}? `}${t.command('status')} shows the runs that are not over, ${t.command('list')} the backups.`,
  }) satisfies Says<Refused>;
