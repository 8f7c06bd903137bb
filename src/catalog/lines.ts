import type { FileCopy } from '../domain/copies/file-copy.ts';
import type { KeepReason } from '../domain/copies/retention.ts';
import { word } from '../domain/restore/file-commands.ts';
import { utc } from '../domain/restore/manifest.ts';
import { placeOfManifest } from '../domain/restore/object-keys.ts';
import { type BackupRun, takenAt } from '../domain/run/run.ts';
import type { PrunePlan } from '../workflow/copies/prune.ts';
import type { Skipped } from './find-manifests.ts';
import type { Paper } from './papers.ts';

// What the catalogue's commands print: one line for one thing, for a terminal and for grep.

export function runLine(run: BackupRun): string {
  const copies = (run.success?.copies ?? []).map(copyPart).join('; ');
  const taken = utc(takenAt(run));
  return [run.id, run.cluster, taken, run.plan?.zStream ?? 'unknown', copies].join('  ');
}

function copyPart({ file, location, stored, provenAt, failure }: FileCopy): string {
  if (!stored) return `${file} missing: ${failure?.detail ?? location}`;
  const proof = provenAt === undefined ? 'copy not verified' : `copy verified ${utc(provenAt)}`;
  return `${file} ${stored.size} bytes ${proof} ${location}`;
}

export function skippedLine({ kind, location, why }: Skipped): string {
  return `skipped (${kind}): ${location}: ${why}`;
}

export function pruneLines(cluster: string, plan: PrunePlan): readonly string[] {
  const { destination, decision } = plan;
  const name = (backup: { runId: string; zStream: string; takenAt: number }) =>
    `${cluster} at ${destination}: ${backup.runId} ${utc(backup.takenAt)} ${backup.zStream}`;
  return [
    ...decision.keep.map(
      ({ backup, reasons }) => `keep    ${name(backup)}: ${reasons.map(reasonText).join(', ')}`,
    ),
    ...decision.delete.map(
      ({ backup, reason }) =>
        `delete  ${name(backup)}: no rule wants it, ${reason.newer} newer verified, ${Math.floor(reason.ageMs / dayMs)} days old`,
    ),
  ];
}

export function paperLine(paper: Paper): string {
  const name = `${paper.runId}  ${paper.cluster}  ${paper.location}`;
  switch (paper.outcome) {
    case 'written':
      return `written  ${name}${paper.name} with edition ${paper.edition} of the steps; before: ${beforeText(paper.before)}`;
    case 'current':
      return `current  ${name} has edition ${paper.edition} of the steps`;
    case 'nothing-to-restore':
      return `no steps ${name} holds no complete backup that was read back: nothing was written`;
    case 'failed':
      return `failed   ${name}: ${paper.why}`;
  }
}

/** No backup lies where one was looked for: the directory that was named is above a place, or inside of one. */
export function elsewhereLines(dir: string, skipped: readonly Skipped[]): readonly string[] {
  const places = [...new Set(skipped.flatMap(({ location }) => placeOfManifest(location) ?? []))];
  const head = `nothing was written: no backup lies in ${dir} as CLUSTER/…-r-…/manifest.json`;
  return places.length === 0
    ? [`${head}. Name the directory of a destination: the one in which each cluster has a directory`]
    : [
        `${head}. Backups lie in these places:`,
        ...places.map((each) => `npm run catalog -- papers ${word(each)}`),
      ];
}

function beforeText(before: Extract<Paper, { outcome: 'written' }>['before']): string {
  if (before === 'none') return 'no RESTORE.md';
  return before === 'unmarked'
    ? 'one that names no edition, left as it is'
    : `edition ${before}, left as it is`;
}

const dayMs = 86_400_000;

function reasonText(reason: KeepReason): string {
  switch (reason.kind) {
    case 'newest':
      return `one of the newest ${reason.count}`;
    case 'days':
      return `younger than ${reason.days} days`;
    case 'daily':
    case 'weekly':
    case 'monthly':
      return `${reason.kind} ${reason.period}`;
    case 'no-rule':
      return 'everything is kept there';
    case 'present-z-stream':
      return `the newest of the present z-stream ${reason.zStream}`;
    case 'newest-of-z-stream':
      return `the newest of z-stream ${reason.zStream}`;
    case 'newest-of-all':
      return 'the newest of all';
    case 'newest-not-in-doubt':
      return 'the newest that no restore drill puts in doubt, and whose drill is not still to come';
    case 'run-at-hand':
      return 'the run at hand';
    case 'drill-to-come':
      return 'its restore drill is still to come';
    case 'abandoned':
      return `of a time line that the cluster left by a restore: kept until ${utc(reason.until)}`;
    case 'date-ahead':
      return `its date ${utc(reason.at)} has not come yet: the clock was wrong, a person has to look at it`;
    case 'locked':
      return `locked until ${utc(reason.until)}`;
    case 'not-proven':
      return reason.proof === 'unknown'
        ? 'no manifest explains it'
        : 'its copies are not verified: a person has to look at it';
    case 'newest-run-failed':
      return `the newest run ${reason.runId} failed`;
  }
}
