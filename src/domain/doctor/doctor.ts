import type { Unreadable } from '../cluster/reading.ts';
import type { RetentionStop } from '../copies/retention-stop.ts';
import type { NetworkWay } from '../network/network-way.ts';
import type { AccountKind } from '../people/person.ts';

/**
 * `bad`: a person has to fix something. `warning`: it works, and people should know what it lacks. `unknown`: it could not be
 * checked, which says nothing about its state.
 */
export type DoctorState = 'good' | 'bad' | 'warning' | 'unknown';

/** Everything that the doctor can say, with what a person needs to read it. Wording lives in slack/messages. */
export interface DoctorParams {
  /** Only a terminal meets the next six: the running bot is connected. `missing`: keys of secrets that are not set there. */
  'slack.not-looked-at': { missing: readonly string[] };
  'slack.unreachable': { detail: string };
  'slack.refused': { detail: string };
  /** `key`: of the secret with which commands and clicks come in, which is not set there. */
  'delivery.not-looked-at': { key: string };
  'app-token.works': Record<never, never>;
  'app-token.refused': { detail: string };

  'scopes.complete': { count: number };
  'scopes.missing': { missing: readonly string[] };
  'scopes.unreadable': { why: Unreadable };

  /** `cluster` undefined: the channel of the weekly summary. */
  'channel.member': { cluster: string | undefined; channel: string };
  'channel.not-a-member': { cluster: string | undefined; channel: string; botName: string };
  /** Or private and without the bot: Slack says the same of both. */
  'channel.not-found': { cluster: string | undefined; channel: string; botName: string };
  'channel.archived': { cluster: string | undefined; channel: string };
  'channel.unreadable': { cluster: string | undefined; channel: string; why: Unreadable };
  /** One of the channels in which the cluster may be asked for, beside its own. */
  'channel.no-commands': { cluster: string; channel: string; because: 'archived' | 'not-found' };

  'people.mapped': { count: number };
  'people.members': { count: number };
  'person.unfit': { slackUser: string; because: Exclude<AccountKind, 'member'> | 'absent' };
  'approver.not-mapped': { cluster: string; slackUser: string };
  'people.unreadable': { count: number; why: Unreadable };
  'people.not-asked': { count: number };
  'owners.none': { clusters: readonly string[] };

  /** No destination is configured for them. */
  'files.on-node-only': { clusters: readonly string[] };
  'retention.stopped': { cluster: string; runId: string; stop: RetentionStop };

  'client.usable': { path: string; version: string };
  'client.absent': { path: string };
  'client.unusable': { path: string; why: Unreadable };

  'records.writable': Record<never, never>;
  /** No bot has made it yet, and one could. */
  'records.new': { file: string };
  'records.unwritable': { detail: string };

  /** What runs is what the files say. */
  'config.current': { clusters: number };
  /** The files have mistakes; the configuration before them runs. Of the first: file, line, and what is wrong. */
  'config.mistaken': { count: number; file: string; line: number | undefined; text: string };
  'config.next-start': { keys: readonly string[] };
  'config.leaving': { clusters: readonly string[] };
  /** A changed policy waits for the end of a run. */
  'config.waiting': { clusters: readonly string[] };
  /** Other bots with these records run another configuration. */
  'config.differs': { hosts: readonly string[] };

  'destination.works': { destination: string; place: string };
  'destination.broken': { destination: string; place: string; detail: string };
  'destination.no-conditional-write': { destination: string };
  'destination.no-test-write': { destination: string };
  'destination.test-object-stays': { destination: string };
  'destination.uploads-unseen': { destination: string };

  /** `versions`: of the usable sets of etcd's programs. */
  'drill.tools': { versions: readonly string[] };
  'drill.tools-unusable': { detail: string };
  'drill.possible': { cluster: string; needs: string };
  /** There is no usable set at all. */
  'drill.tools-missing': { cluster: string; needs: string | undefined };
  /** Only sets of other minor releases: drills are made, and one that fails says nothing. */
  'drill.tools-other': { cluster: string; needs: string | undefined; has: readonly string[] };
  'drill.unknown': { cluster: string };

  'place.known': { destination: string };
  /** Nothing prevents it: the bot takes or writes its marker with the next backup. */
  'place.new': { destination: string };
  'place.absent': { destination: string; kind: 'directory' | 'bucket' };
  'place.different': { destination: string; kind: 'directory' | 'bucket' };
  'place.adopt-needed': { destination: string; kind: 'directory' | 'bucket' };
  'place.unreadable': { destination: string; detail: string };
  'place.not-looked-at': { destination: string; detail: string };

  'network.no-proxy': Record<never, never>;
  /** `host`: with the port where it is not the usual one. */
  'way.direct': { to: NetworkWay['to']; host: string };
  /** `address`: without user and password. */
  'way.proxied': { to: NetworkWay['to']; host: string } & NonNullable<NetworkWay['proxy']>;

  'api.reachable': { cluster: string };
  'api.unreachable': { cluster: string; why: Unreadable };

  /** The bot's own token or certificate for the cluster. */
  'credentials.valid': { cluster: string; endsAt: number };
  'credentials.end-soon': { cluster: string; endsAt: number };
  'credentials.ended': { cluster: string; endsAt: number };

  /** Not backed up by this bot, and the configuration names who does it. */
  'elsewhere.named': { cluster: string; by: string };
  /** A hosted control plane, and the configuration does not name who backs it up. */
  'elsewhere.unnamed': { cluster: string };
  /** Another party is named, although the control plane is the cluster's own and this bot could. */
  'elsewhere.own-control-plane': { cluster: string; by: string };

  'rights.complete': { cluster: string; count: number };
  'right.missing': { cluster: string; right: string; role: string; neededFor: 'run' | 'read' };
  'rights.unreadable': { cluster: string; why: Unreadable };

  'image.configured': { cluster: string; image: string };
  'image.of-etcd-pods': { cluster: string; images: readonly string[] };
  'image.none': { cluster: string };
  'image.unreadable': { cluster: string; why: Unreadable };

  'namespace.privileged': { cluster: string; namespace: string };
  'namespace.absent': { cluster: string; namespace: string };
  /** `level` undefined: no label, so the cluster's own default holds. */
  'namespace.not-privileged': { cluster: string; namespace: string; level: string | undefined };
  'namespace.unreadable': { cluster: string; namespace: string; why: Unreadable };

  'clock.together': { cluster: string; seconds: number };
  'clock.apart': { cluster: string; seconds: number; bot: 'ahead' | 'behind' };
  'clock.unreadable': { cluster: string };
}

export type DoctorCode = keyof DoctorParams;

/** One thing that was looked at, and how it is. */
export type DoctorLine = {
  [Code in DoctorCode]: {
    readonly code: Code;
    readonly state: DoctorState;
    readonly params: DoctorParams[Code];
  };
}[DoctorCode];

const states: Readonly<Record<DoctorCode, DoctorState>> = {
  'slack.not-looked-at': 'unknown',
  'slack.unreachable': 'bad',
  'slack.refused': 'bad',
  'delivery.not-looked-at': 'unknown',
  'app-token.works': 'good',
  'app-token.refused': 'bad',
  'scopes.complete': 'good',
  'scopes.missing': 'bad',
  'scopes.unreadable': 'unknown',
  'channel.member': 'good',
  'channel.not-a-member': 'bad',
  'channel.not-found': 'bad',
  'channel.archived': 'bad',
  'channel.unreadable': 'unknown',
  'channel.no-commands': 'warning',
  'people.mapped': 'good',
  'people.members': 'good',
  'person.unfit': 'bad',
  'approver.not-mapped': 'bad',
  'people.unreadable': 'unknown',
  'people.not-asked': 'unknown',
  'owners.none': 'warning',
  'files.on-node-only': 'warning',
  'retention.stopped': 'warning',
  'client.usable': 'good',
  'client.absent': 'bad',
  'client.unusable': 'bad',
  'records.writable': 'good',
  'records.new': 'good',
  'records.unwritable': 'bad',
  'config.current': 'good',
  'config.mistaken': 'bad',
  'config.next-start': 'warning',
  'config.leaving': 'warning',
  'config.waiting': 'good',
  'config.differs': 'bad',
  'destination.works': 'good',
  'destination.broken': 'bad',
  'destination.no-conditional-write': 'good',
  'destination.no-test-write': 'good',
  'destination.test-object-stays': 'good',
  'destination.uploads-unseen': 'unknown',
  'drill.tools': 'good',
  'drill.tools-unusable': 'bad',
  'drill.possible': 'good',
  'drill.tools-missing': 'bad',
  'drill.tools-other': 'warning',
  'drill.unknown': 'unknown',
  'place.known': 'good',
  'place.new': 'good',
  'place.absent': 'bad',
  'place.different': 'bad',
  'place.adopt-needed': 'bad',
  'place.unreadable': 'bad',
  'place.not-looked-at': 'unknown',
  'network.no-proxy': 'good',
  'way.direct': 'good',
  'way.proxied': 'good',
  'api.reachable': 'good',
  'api.unreachable': 'bad',
  'credentials.valid': 'good',
  'credentials.end-soon': 'warning',
  'credentials.ended': 'bad',
  'elsewhere.named': 'good',
  'elsewhere.unnamed': 'bad',
  'elsewhere.own-control-plane': 'unknown',
  'rights.complete': 'good',
  'right.missing': 'bad',
  'rights.unreadable': 'unknown',
  'image.configured': 'good',
  'image.of-etcd-pods': 'good',
  'image.none': 'bad',
  'image.unreadable': 'unknown',
  'namespace.privileged': 'good',
  'namespace.absent': 'bad',
  'namespace.not-privileged': 'bad',
  'namespace.unreadable': 'unknown',
  'clock.together': 'good',
  'clock.apart': 'bad',
  'clock.unreadable': 'unknown',
};

export function doctorLine<Code extends DoctorCode>(code: Code, params: DoctorParams[Code]): DoctorLine {
  // One code and its params make one member of the union; TypeScript cannot see that through the type parameter.
  return { code, state: states[code], params } as unknown as DoctorLine;
}

/** What needs a person first; within one state in the order of asking. */
export function worstFirst(lines: readonly DoctorLine[]): readonly DoctorLine[] {
  const order: readonly DoctorState[] = ['bad', 'warning', 'unknown', 'good'];
  return lines.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}
