import { isAhead } from '../text/trusted-time.ts';
import { markKeepsMs } from './restore-mark.ts';

/** How long backups are kept at one destination. A backup is kept when any rule wants it; no rule at all keeps everything. */
export interface RetentionPolicy {
  /** The newest N proven backups. */
  readonly newest: number | undefined;
  /** Everything that is younger than so many times 24 h. */
  readonly days: number | undefined;
  /** The newest proven backup of each of the last N days (weeks from Monday on, months) that have one. */
  readonly daily: number | undefined;
  readonly weekly: number | undefined;
  readonly monthly: number | undefined;
  /** IANA name: whose days, weeks and months. */
  readonly timeZone: string;
}

/** A backup of one cluster as retention sees it at one destination. Times are ms UTC. */
export interface KeptBackup {
  readonly runId: string;
  /** Its place in the records' order: the higher, the newer, whatever the dates say. */
  readonly seq: number;
  readonly zStream: string;
  readonly takenAt: number;
  /** `proven`: both files were read back whole, and no drill has disproved them since. `unknown`: an object that no manifest explains. */
  readonly proof: 'proven' | 'unproven' | 'unknown';
  /** Newest date of a proof. */
  readonly provenAt: number | undefined;
  /** Both files are there, as coverage counts backups: half of one that is gone elsewhere protects nothing. */
  readonly restores: boolean;
  /** Its drill failed, and what is to blame is not known, or is still to come: not to be relied on alone. Absent: no. */
  readonly inDoubt?: boolean;
  /** Since when (ms UTC) it is of a time line that the cluster left by a restore. Absent: it is on the line. */
  readonly abandonedSince?: number | undefined;
  /** Its drill has to read it yet. Absent: no. */
  readonly drillToCome?: boolean;
  readonly lockedUntil: number | undefined;
}

export type KeepReason =
  | { readonly kind: 'newest'; readonly count: number }
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'daily' | 'weekly' | 'monthly'; readonly period: string }
  | { readonly kind: 'no-rule' }
  /** Newest proven backup of the cluster's present z-stream: without it nothing restores the cluster as it is. */
  | { readonly kind: 'present-z-stream'; readonly zStream: string }
  /** The present z-stream is unknown or has no proven backup: newest proven backup of each z-stream. */
  | { readonly kind: 'newest-of-z-stream'; readonly zStream: string }
  | { readonly kind: 'newest-of-all' }
  /** The newer ones are in doubt by their drills, or not drilled yet. */
  | { readonly kind: 'newest-not-in-doubt' }
  /** The backup after which this is decided. */
  | { readonly kind: 'run-at-hand' }
  | { readonly kind: 'drill-to-come' }
  /** Of a time line that the cluster left: the restore may turn out to have been the wrong one. */
  | { readonly kind: 'abandoned'; readonly until: number }
  /** Its clock went ahead: its true age is unknown. */
  | { readonly kind: 'date-ahead'; readonly at: number }
  | { readonly kind: 'locked'; readonly until: number }
  /** A person has to look at it. */
  | { readonly kind: 'not-proven'; readonly proof: 'unproven' | 'unknown' }
  | { readonly kind: 'newest-run-failed'; readonly runId: string };

/** Proven, not locked, and wanted by no rule. */
interface DeleteReason {
  readonly kind: 'no-rule-wants-it';
  /** Proven backups that are newer. */
  readonly newer: number;
  readonly ageMs: number;
}

export interface RetentionDecision {
  /** Both newest first. */
  readonly keep: readonly { readonly backup: KeptBackup; readonly reasons: readonly KeepReason[] }[];
  readonly delete: readonly { readonly backup: KeptBackup; readonly reason: DeleteReason }[];
  /** Set: nothing is deleted at all, because the newest run failed. */
  readonly stopped: { readonly runId: string } | undefined;
}

export interface RetentionFacts {
  /** The z-stream that the cluster runs now; undefined: could not be read. */
  readonly presentZStream: string | undefined;
  /** The newest run of this cluster when it failed; undefined: it succeeded, or there was none. */
  readonly failedRun: string | undefined;
  /** The run after which this is decided; undefined: only looking. */
  readonly runAtHand?: string | undefined;
  /** ms UTC */
  readonly now: number;
}

/**
 * What to delete, purely. Newer and older go by the records' order; dates decide on ages and days alone, and one that is
 * ahead of now neither displaces others nor is deleted. A second pass over what it keeps deletes nothing.
 */
export function decideRetention(
  backups: readonly KeptBackup[],
  policy: RetentionPolicy,
  facts: RetentionFacts,
): RetentionDecision {
  const sorted = [...backups].sort((a, b) => b.seq - a.seq);
  const dated = sorted.filter((each) => each.proof === 'proven' && dateAhead(each, facts.now) === undefined);
  // One of a time line that the cluster left takes no place of those that restore it as it is; only its age may keep it.
  const proven = dated.filter(({ abandonedSince }) => abandonedSince === undefined);
  const wanted = [protectedOnes(proven, facts), ruleKeeps({ proven, dated }, policy, facts.now)];
  const decided = sorted.map((backup) => {
    const reasons = [...ownReasons(backup, facts), ...wanted.flatMap((each) => each.get(backup) ?? [])];
    return { backup, reasons };
  });
  return {
    keep: decided.filter(({ reasons }) => reasons.length > 0),
    delete: decided
      .filter(({ reasons }) => reasons.length === 0)
      .map(({ backup }) => ({ backup, reason: deleteReason(backup, proven, facts.now) })),
    stopped: facts.failedRun === undefined ? undefined : { runId: facts.failedRun },
  };
}

function dateAhead({ takenAt, provenAt = takenAt }: KeptBackup, now: number): number | undefined {
  return [takenAt, provenAt].find((at) => isAhead(at, now));
}

function deleteReason(backup: KeptBackup, proven: readonly KeptBackup[], now: number): DeleteReason {
  const newer = proven.filter(({ seq }) => seq > backup.seq).length;
  return { kind: 'no-rule-wants-it', newer, ageMs: Math.max(0, now - backup.takenAt) };
}

function ownReasons(
  backup: KeptBackup,
  { failedRun, runAtHand, now }: RetentionFacts,
): readonly KeepReason[] {
  const { proof, lockedUntil, abandonedSince } = backup;
  const marked = abandonedSince === undefined ? undefined : abandonedSince + markKeepsMs;
  const ahead = dateAhead(backup, now);
  return [
    ...(backup.runId === runAtHand ? [{ kind: 'run-at-hand' } as const] : []),
    ...(backup.drillToCome === true ? [{ kind: 'drill-to-come' } as const] : []),
    ...(marked === undefined || marked <= now ? [] : [{ kind: 'abandoned', until: marked } as const]),
    ...(ahead === undefined ? [] : [{ kind: 'date-ahead', at: ahead } as const]),
    ...(failedRun === undefined ? [] : [{ kind: 'newest-run-failed', runId: failedRun } as const]),
    ...(proof === 'proven' ? [] : [{ kind: 'not-proven', proof } as const]),
    ...(lockedUntil === undefined || lockedUntil <= now
      ? []
      : [{ kind: 'locked', until: lockedUntil } as const]),
  ];
}

type Wanted = Map<KeptBackup, KeepReason[]>;

function want(wanted: Wanted, backup: KeptBackup | undefined, reason: KeepReason): void {
  if (backup) wanted.set(backup, [...(wanted.get(backup) ?? []), reason]);
}

/** Never deleted, whatever the policy says. A backup that restores nothing never takes the place of one that does. */
function protectedOnes(proven: readonly KeptBackup[], { presentZStream }: RetentionFacts): Wanted {
  const wanted: Wanted = new Map();
  const whole = proven.filter(({ restores }) => restores);
  for (const backup of new Set([proven[0], whole[0]])) want(wanted, backup, { kind: 'newest-of-all' });
  const sure = whole.filter(({ inDoubt }) => inDoubt !== true);
  if (sure[0] !== whole[0]) want(wanted, sure[0], { kind: 'newest-not-in-doubt' });
  const present = whole.find(({ zStream }) => zStream === presentZStream);
  if (present) {
    want(wanted, present, { kind: 'present-z-stream', zStream: present.zStream });
    const surer = sure.find(({ zStream }) => zStream === presentZStream);
    if (surer !== present) want(wanted, surer, { kind: 'newest-not-in-doubt' });
    return wanted;
  }
  for (const group of [proven, whole, sure]) {
    for (const [zStream, backup] of newestBy(group, (each) => each.zStream)) {
      if (!wanted.get(backup)?.some(({ kind }) => kind === 'newest-of-z-stream'))
        want(wanted, backup, { kind: 'newest-of-z-stream', zStream });
    }
  }
  return wanted;
}

interface RuledOver {
  readonly proven: readonly KeptBackup[];
  /** With those of time lines that the cluster left. */
  readonly dated: readonly KeptBackup[];
}

function ruleKeeps({ proven, dated }: RuledOver, policy: RetentionPolicy, now: number): Wanted {
  const wanted: Wanted = new Map();
  const { newest, days, daily, weekly, monthly } = policy;
  if ([newest, days, daily, weekly, monthly].every((rule) => rule === undefined)) {
    for (const backup of dated) want(wanted, backup, { kind: 'no-rule' });
    return wanted;
  }
  for (const backup of proven.slice(0, newest ?? 0))
    want(wanted, backup, { kind: 'newest', count: newest ?? 0 });
  if (days !== undefined) {
    for (const backup of youngerThan(dated, now - days * dayMs)) want(wanted, backup, { kind: 'days', days });
  }
  const clock = new Intl.DateTimeFormat('en-CA', { timeZone: policy.timeZone, dateStyle: 'short' });
  const dayOf = ({ takenAt }: KeptBackup) => clock.format(takenAt);
  const rules = [
    ['daily', daily, dayOf],
    ['weekly', weekly, (backup: KeptBackup) => mondayOf(dayOf(backup))],
    ['monthly', monthly, (backup: KeptBackup) => dayOf(backup).slice(0, 7)],
  ] as const;
  for (const [kind, count, periodOf] of rules) {
    // By their names: a clock that was behind once displaces no day of today.
    const periods = [...newestBy(proven, periodOf)].sort(([a], [b]) => (a < b ? 1 : -1)).slice(0, count ?? 0);
    for (const [period, backup] of periods) want(wanted, backup, { kind, period });
  }
  return wanted;
}

/** Nothing is older than what was taken before it: a date far back, of a clock that was wrong, makes no backup old. */
function youngerThan(newestFirst: readonly KeptBackup[], since: number): readonly KeptBackup[] {
  const oldestYoung = newestFirst.findLastIndex(({ takenAt }) => takenAt > since);
  return newestFirst.slice(0, oldestYoung + 1);
}

const dayMs = 86_400_000;

/** `2026-11-25` → `2026-11-23`: a week is named by its Monday. */
function mondayOf(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  const sinceMonday = (new Date(at).getUTCDay() + 6) % 7;
  return new Date(at - sinceMonday * dayMs).toISOString().slice(0, 10);
}

/** The first of each group of backups, which come newest first; groups in the order of their first. */
function newestBy(backups: readonly KeptBackup[], groupOf: (backup: KeptBackup) => string) {
  const groups = new Map<string, KeptBackup>();
  for (const backup of backups) {
    const group = groupOf(backup);
    if (!groups.has(group)) groups.set(group, backup);
  }
  return groups;
}
