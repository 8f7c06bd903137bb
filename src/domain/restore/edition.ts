import { releaseLine } from '../cluster/z-stream.ts';

/** One state of the printed procedure of a release line. */
export interface Edition {
  /** Rises with each change of steps or commands; words alone change none. */
  readonly number: number;
  /** Day on which the steps were last taken from their sources. */
  readonly date: string;
}

interface EditionEntry extends Edition {
  /** Minors of OpenShift 4 whose steps it changed. */
  readonly lines: 'all' | readonly number[];
}

/**
 * Every edition, the newest last. Papers beside backups are written again when the edition of their release line rises, so a
 * change of steps or commands gets an entry here: test/restore/edition.test.ts fails until it has one.
 */
const editions: readonly EditionEntry[] = [{ number: 1, date: '2026-11-30', lines: 'all' }];

/** Of a release that belongs to no known line: the newest of all. */
export function editionOf(zStream: string, entries: readonly EditionEntry[] = editions): Edition {
  const version = releaseLine(zStream);
  const minor = version?.major === 4 ? version.minor : undefined;
  const entry = entries.findLast(
    ({ lines }) => lines === 'all' || minor === undefined || lines.includes(minor),
  );
  if (!entry) throw new Error('the first edition is one of all release lines');
  return { number: entry.number, date: entry.date };
}

/** What the last line of RESTORE.md says, in every language, for programs. */
export interface EditionMark {
  readonly runId: string;
  readonly edition: number;
  /** Version of the bot that wrote it. */
  readonly bot: string;
}

export function editionMark({ runId, edition, bot }: EditionMark): string {
  return `<!-- etcd-backup run=${runId} edition=${edition} bot=${bot.replace(/[^0-9A-Za-z.+-]/g, '_')} -->`;
}

const markForm = /^<!-- etcd-backup run=(r-[a-z0-9]{8}) edition=(\d{1,6}) bot=([0-9A-Za-z.+_-]{1,100}) -->$/;

/** Undefined: written before there were editions, or not by this bot. */
export function readEditionMark(text: string): EditionMark | undefined {
  const end = text.trimEnd();
  const [, runId, edition, bot] = markForm.exec(end.slice(end.lastIndexOf('\n') + 1)) ?? [];
  if (runId === undefined || bot === undefined) return undefined;
  return { runId, edition: Number(edition), bot };
}
