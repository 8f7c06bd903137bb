import type { DrillPhase, StatusField } from '../../../../domain/drill/drill.ts';
import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DrillFailureTexts, DrillReasonTexts } from '../drill-why.ts';

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

export const drillFailures = (t: Tools): DrillFailureTexts => ({
  'not-fetched': (p) => md`the snapshot could not be fetched from its destination: ${t.quote(p.detail)}`,
  'not-known-place': (p) =>
    md`the snapshot was not fetched, because what is reached there is not the known place of destination ${t.code(p.destination)} (${t.quote(p.detail)}). This says nothing about the copy. Mount the right volume, or check bucket and prefix, and drill again. If it is the right place, send ${t.command(`destination adopt ${p.destination}`)} first`,
  'not-run': (p) =>
    md`it could not be made where the bot runs, which says nothing about the snapshot: ${t.quote(p.detail)}`,
  'process-ended': () =>
    md`the bot's process ended in the middle of it. If that was for want of memory, raise the memory limit of the bot first`,
  'no-tools': (p) =>
    p.minor === undefined
      ? md`where the bot runs there is no usable set of etcd's programs`
      : md`where the bot runs there is no usable set of etcd's programs; this snapshot needs those of etcd ${t.code(p.minor)}`,
  'other-byte-order': () =>
    md`the snapshot is whole, but of a machine with another byte order than the one where the bot runs (IBM Z, s390x, differs from all others): a drill of it needs a machine of its own kind`,
  'snapshot-unreadable': (p) => md`the fetched snapshot could not be read: ${t.quote(p.detail)}`,
  'snapshot-damaged': (p) =>
    md`the fetched snapshot is damaged: its SHA-256 is not the right one (${t.size(p.size)})`,
  'no-room': (p) =>
    md`there is no room for a restore where the bot runs: ${t.shortSize(p.neededBytes)} needed in its temporary directory, ${t.shortSize(p.freeBytes)} free`,
  'status-failed': (p) => md`etcd's tool could not read the snapshot: ${t.quote(p.detail)}`,
  'status-differs': (p) => {
    const each = p.fields.map(
      (field) => md`${fields[field]} ${String(p.found[field])} instead of ${String(p.expected[field])}`,
    );
    return md`the fetched snapshot is not the one that the node reported: ${t.list(each)}`;
  },
  'restore-failed': (p) => md`etcd's tool could not restore the snapshot: ${t.quote(p.detail)}`,
  'etcd-not-started': (p) => md`etcd did not start on the restored data: ${t.quote(p.detail)}`,
  'etcd-ended': (p) =>
    md`etcd started on the restored data and ended while its keys were read: ${t.quote(p.detail)}`,
  'revision-differs': (p) =>
    md`the restored etcd is at revision ${String(p.found)}, the snapshot at ${String(p.expected)}`,
  'no-keys': () => md`the restored etcd holds no keys`,
  'read-failed': (p) => md`the restored etcd could not be read: ${t.quote(p.detail)}`,
  deadline: (p) => md`not done within ${t.duration(p.deadlineMs)}, cut off while ${doing[p.phase]}`,
  aborted: (p) => md`stopped while ${doing[p.phase]}`,
});

export const drillReasons: DrillReasonTexts = {
  damaged: undefined,
  content: undefined,
  place: undefined,
  'page-error': ({ tools }) => md`It failed twice with etcd ${tools}, which names a damaged page.`,
  'control-restored': ({ tools, control }) =>
    md`It failed twice, while the same programs (etcd ${tools}) restored ${control}.`,
  'control-failed': ({ tools, control }) =>
    md`${control}, which was restored before, fails now as well: the programs (etcd ${tools}) or the machine where the bot runs are at fault.`,
  'no-control': () => md`It failed twice, and there is no backup that was restored before to compare with.`,
  'other-minor': ({ tools, needs }) =>
    md`The programs are of etcd ${tools}. Only those of etcd ${needs} can show whether the snapshot is to blame.`,
  unclear: () => md`This does not show whether the snapshot is to blame.`,
};
