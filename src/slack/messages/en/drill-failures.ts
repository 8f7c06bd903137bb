import type { DrillPhase, StatusField } from '../../../domain/drill.ts';
import type { DrillFailureWording } from '../drill-why.ts';
import { md } from '../markup.ts';

const doing: Readonly<Record<DrillPhase, string>> = {
  fetching: 'fetching the snapshot',
  reading: 'reading the snapshot',
  status: 'asking for its status',
  restoring: 'restoring it',
  starting: 'starting etcd on it',
  counting: 'reading its keys',
};

const fields: Readonly<Record<StatusField, string>> = {
  hash: 'hash',
  revision: 'revision',
  totalKey: 'number of keys',
  totalSize: 'size',
};

export const drillFailures: DrillFailureWording = {
  'not-fetched': (p, t) => md`the snapshot could not be fetched from its destination: ${t.quote(p.detail)}`,
  'not-run': (p, t) =>
    md`it could not be made where the bot runs, which says nothing about the snapshot: ${t.quote(p.detail)}`,
  'snapshot-unreadable': (p, t) => md`the fetched snapshot could not be read: ${t.quote(p.detail)}`,
  'snapshot-damaged': (p, t) =>
    md`the fetched snapshot is damaged: etcd's own SHA-256 at its end does not hold (${t.size(p.size)})`,
  'no-room': (p, t) =>
    md`there is no room for a restore where the bot runs: ${t.shortSize(p.neededBytes)} needed in its temporary directory, ${t.shortSize(p.freeBytes)} free`,
  'status-failed': (p, t) => md`etcd's tool could not read the snapshot: ${t.quote(p.detail)}`,
  'status-differs': (p, t) => {
    const each = p.fields.map(
      (field) => md`${fields[field]} ${String(p.found[field])} instead of ${String(p.expected[field])}`,
    );
    return md`the fetched snapshot is not the one that the node reported: ${t.list(each)}`;
  },
  'restore-failed': (p, t) => md`etcd's tool could not restore the snapshot: ${t.quote(p.detail)}`,
  'etcd-not-started': (p, t) => md`etcd did not start on the restored data: ${t.quote(p.detail)}`,
  'revision-differs': (p) =>
    md`the restored etcd is at revision ${String(p.found)}, the snapshot at ${String(p.expected)}`,
  'no-keys': () => md`the restored etcd holds no keys`,
  'read-failed': (p, t) => md`the restored etcd could not be read: ${t.quote(p.detail)}`,
  deadline: (p, t) => md`not done within ${t.duration(p.deadlineMs)}, cut off while ${doing[p.phase]}`,
  aborted: (p) => md`stopped while ${doing[p.phase]}`,
};
