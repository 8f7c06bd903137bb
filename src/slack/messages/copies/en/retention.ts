import type { RetentionStop } from '../../../../domain/copies/retention-stop.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

const clocks = {
  'bot-api': md`the bot and the cluster’s API server`,
  'bot-node': md`the bot and the node`,
  'api-node': md`the cluster’s API server and the node`,
};

/** Why old backups stay where they are, and what to do. */
export const retentionStopped =
  (t: Tools) =>
  ({ cluster, stop }: { cluster: string; stop: RetentionStop }): Markup => {
    const kept = md`⚠️ Old backups of ${cluster} stay where they are for now; no backup is touched by that.`;
    switch (stop.kind) {
      case 'clocks-apart':
        return md`${kept} The clocks of ${clocks[stop.between]} are ${t.duration(stop.apartMs)} apart, and ages decide what is removed. Correct the clock that is wrong (chrony, NTP); then it goes on by itself.`;
      case 'clock-unknown':
        return stop.of === 'node'
          ? md`${kept} The node’s clock is not known, and ages decide what is removed. The next run measures it; there is nothing to do.`
          : md`${kept} The cluster’s API server did not report its time (${stop.detail}), and ages decide what is removed. It is tried again; if this comes back, see ${t.command('doctor')}.`;
      case 'place':
        return md`${kept} ${t.code(stop.destination)} did not do what was asked: ${stop.detail} It is tried again after the next backup.`;
      case 'restore-room':
        return md`${kept} A restore room has been open since ${t.time(stop.openedAt)}, for the backup of run ${t.code(stop.runId)}. Removing goes on some time after the room is over; one that is not needed any more is closed by ${t.command(`restore-plan ${cluster} stop`)}.`;
      case 'unexpected':
        return md`${kept} Something unexpected happened: ${stop.detail}. The bot’s log has the whole error; it is tried again.`;
    }
  };
