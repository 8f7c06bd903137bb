import type { RoomCheck } from '../../../../domain/restore-room/room-checks.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

type Of<Name extends RoomCheck['of'], State extends RoomCheck['state']> = Extract<
  RoomCheck,
  { of: Name; state: State }
>;
type Counted = 'nodes' | 'operators' | 'members';
type Compared = 'cluster-id' | 'z-stream';

/** What the bot sees itself after the last step. */
export const checks = (t: Tools) => ({
  title: (at: number | undefined) =>
    at === undefined
      ? md`👁️ *Every step is settled. Now the bot looks itself.*`
      : md`👁️ *Seen by the bot itself, ${t.time(at)}:*`,
  looking: () => md`It reads the cluster as soon as the API answers. This message shows what it finds.`,
  apiWell: () => md`✅ The API answers.`,
  apiUnknown: (why: Markup) => md`⏳ The API cannot be read: ${why}`,
  compared: ({ of, expected }: Of<Compared, 'well'>) =>
    ({
      'cluster-id': md`✅ It is the same cluster: ${t.code(expected)}.`,
      'z-stream': md`✅ It runs ${t.code(expected)}.`,
    })[of],
  differs: ({ of, expected, found }: Of<Compared, 'not-yet'>) =>
    ({
      'cluster-id': md`❌ Its id is ${t.code(found)}, and the backup is of ${t.code(expected)}: this is another cluster.`,
      'z-stream': md`❌ It runs ${t.code(found)}, and the backup is of ${t.code(expected)}.`,
    })[of],
  well: ({ of, count }: Of<Counted, 'well'>) =>
    ({
      nodes: md`✅ All ${count} nodes are Ready.`,
      operators: md`✅ All ${count} cluster operators are available, none progresses or is degraded.`,
      members: md`✅ ${count} members of etcd, all of their pods Ready.`,
    })[of],
  notYet: ({ of, names, count }: Of<Counted, 'not-yet'>) =>
    ({
      nodes: md`⏳ Nodes that are not Ready: ${t.names(names)}`,
      operators: md`⏳ Cluster operators that are not settled: ${t.names(names)}`,
      members: md`⏳ ${count} members of etcd have a Ready pod; missing: ${t.names(names)}`,
    })[of],
  unknown: ({ of, why }: Of<Counted, 'unknown'>) =>
    ({
      nodes: md`❔ The nodes could not be read: ${t.why(why)}`,
      operators: md`❔ The cluster operators could not be read: ${t.why(why)}`,
      members: md`❔ The etcd pods could not be read: ${t.why(why)}`,
    })[of],
  again: () =>
    md`The bot looks again until all is well; then it closes the room. If the rest does not matter to you, close the room by the button in its first message.`,
  backUp: 'Back up now',
  /** Of the run that is asked for by the button. */
  backUpReason: 'after the restore of the cluster',
});
