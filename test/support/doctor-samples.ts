import { type DoctorCode, type DoctorLine, type DoctorParams, doctorLine } from '../../src/domain/doctor.ts';
import type { Unreadable } from '../../src/domain/reading.ts';

/** One of each line, filled with the given text and number. A new code does not pass TypeScript without a sample. */
export function everyDoctorLine(text: string, number: number): readonly DoctorLine[] {
  const why: Unreadable = { reason: 'timeout', detail: text };
  const cluster = text;
  const channel = { cluster, channel: text };
  const namespace = { cluster, namespace: text };
  const samples: { readonly [Code in DoctorCode]: DoctorParams[Code] } = {
    'scopes.complete': { count: number },
    'scopes.missing': { missing: Array.from({ length: 30 }, () => text) },
    'scopes.unreadable': { why },
    'channel.member': channel,
    'channel.not-a-member': { ...channel, botName: text },
    'channel.not-found': { ...channel, botName: text },
    'channel.archived': channel,
    'channel.unreadable': { ...channel, why },
    'people.mapped': { count: number },
    'people.members': { count: number },
    'person.unfit': { slackUser: text, because: 'absent' },
    'approver.not-mapped': { cluster, slackUser: text },
    'people.unreadable': { count: number, why },
    'people.not-asked': { count: number },
    'client.usable': { path: text, version: text },
    'client.absent': { path: text },
    'client.unusable': { path: text, why },
    'records.writable': {},
    'records.unwritable': { detail: text },
    'destination.works': { destination: text, place: text },
    'destination.broken': { destination: text, place: text, detail: text },
    'api.reachable': { cluster },
    'api.unreachable': { cluster, why },
    'rights.complete': { cluster, count: number },
    'right.missing': { cluster, right: text, role: text, neededFor: 'read' },
    'rights.unreadable': { cluster, why },
    'image.configured': { cluster, image: text },
    'image.of-etcd-pods': { cluster, images: Array.from({ length: 30 }, () => text) },
    'image.none': { cluster },
    'image.unreadable': { cluster, why },
    'namespace.privileged': namespace,
    'namespace.absent': namespace,
    'namespace.not-privileged': { ...namespace, level: text },
    'namespace.unreadable': { ...namespace, why },
    'clock.together': { cluster, seconds: number },
    'clock.apart': { cluster, seconds: number, bot: 'ahead' },
    'clock.unreadable': { cluster },
  };
  return (Object.keys(samples) as DoctorCode[]).map((code) => doctorLine(code, samples[code]));
}
