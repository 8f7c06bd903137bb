import { rename } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { BotProcess } from '../../../world.ts';
import type { switchGroups } from '../../switch-names.ts';
import type { Play } from './play.ts';

const hourMs = 3_600_000;
/** Longer than one write of the bot waits by itself. */
const lockedMs = 10_000;

/** The bot itself, and its records. */
export const botPlays: Readonly<Record<(typeof switchGroups)['bot'][number], Play>> = {
  'bot-killed': replaced((bot) => bot.signal('SIGKILL')),
  'bot-stopped': replaced((bot) => bot.signal('SIGTERM')),
  'bot-stopped-twice': replaced((bot) => {
    bot.signal('SIGTERM');
    setTimeout(() => bot.signal('SIGTERM'), 300);
  }),
  async 'bot-clock-ahead'({ bot }) {
    await bot.replace((current) => current.stop(), { aheadMs: 3 * hourMs });
    return () => bot.replace((current) => current.stop());
  },
  'records-locked'({ world }, off) {
    const database = new DatabaseSync(world.recordsFile, { timeout: 2_000 });
    database.exec('begin immediate');
    const timer = setTimeout(off, lockedMs);
    return () => {
      clearTimeout(timer);
      database.exec('rollback');
      database.close();
    };
  },
  async 'records-replaced'({ world: { recordsFile }, bot }) {
    const away = `${recordsFile}.away`;
    await rename(recordsFile, away);
    return () => bot.replace((current) => current.stop(), { between: () => rename(away, recordsFile) });
  },
};

/** The next bot starts by itself. */
function replaced(end: (bot: BotProcess) => void): Play {
  return ({ bot }, off) => {
    void bot.replace(end).finally(off);
    return () => undefined;
  };
}
