import type { Standing } from './person.ts';
import type { Unreadable } from './reading.ts';

/** `bad`: a person has to mend something. `unknown`: it could not be looked at, which is no word on how it is. */
export type DoctorState = 'good' | 'bad' | 'unknown';

/** Everything that the doctor can say, with what a person needs to read it. Wording lives in slack/messages. */
export interface DoctorParams {
  'scopes.complete': { count: number };
  'scopes.missing': { missing: readonly string[] };
  'scopes.unreadable': { why: Unreadable };

  'channel.member': { cluster: string; channel: string };
  'channel.not-a-member': { cluster: string; channel: string; botName: string };
  /** Or private and without the bot: Slack says the same of both. */
  'channel.not-found': { cluster: string; channel: string; botName: string };
  'channel.archived': { cluster: string; channel: string };
  'channel.unreadable': { cluster: string; channel: string; why: Unreadable };

  'people.mapped': { count: number };
  'people.members': { count: number };
  'person.unfit': { slackUser: string; because: Exclude<Standing, 'member'> | 'absent' };
  'approver.not-mapped': { cluster: string; slackUser: string };
  'people.unreadable': { count: number; why: Unreadable };
  'people.not-asked': { count: number };

  'client.usable': { path: string; version: string };
  'client.absent': { path: string };
  'client.unusable': { path: string; why: Unreadable };

  'records.writable': Record<never, never>;
  'records.unwritable': { detail: string };

  'destination.works': { destination: string; place: string };
  'destination.broken': { destination: string; place: string; detail: string };

  'api.reachable': { cluster: string };
  'api.unreachable': { cluster: string; why: Unreadable };

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
  'scopes.complete': 'good',
  'scopes.missing': 'bad',
  'scopes.unreadable': 'unknown',
  'channel.member': 'good',
  'channel.not-a-member': 'bad',
  'channel.not-found': 'bad',
  'channel.archived': 'bad',
  'channel.unreadable': 'unknown',
  'people.mapped': 'good',
  'people.members': 'good',
  'person.unfit': 'bad',
  'approver.not-mapped': 'bad',
  'people.unreadable': 'unknown',
  'people.not-asked': 'unknown',
  'client.usable': 'good',
  'client.absent': 'bad',
  'client.unusable': 'bad',
  'records.writable': 'good',
  'records.unwritable': 'bad',
  'destination.works': 'good',
  'destination.broken': 'bad',
  'api.reachable': 'good',
  'api.unreachable': 'bad',
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

export const doctorCodes = Object.keys(states) as readonly DoctorCode[];

export function doctorLine<Code extends DoctorCode>(code: Code, params: DoctorParams[Code]): DoctorLine {
  // One code and its params make one member of the union; TypeScript cannot see that through the type parameter.
  return { code, state: states[code], params } as unknown as DoctorLine;
}

/** What needs a person first; within one state in the order of asking. */
export function worstFirst(lines: readonly DoctorLine[]): readonly DoctorLine[] {
  const order: readonly DoctorState[] = ['bad', 'unknown', 'good'];
  return lines.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}
