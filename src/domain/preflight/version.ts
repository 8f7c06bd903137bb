import { conditionOf, isTrue, statusOf } from '../cluster/condition.ts';
import type { ClusterFacts, OperatorFacts, VersionFacts } from '../cluster/facts.ts';
import type { Reading } from '../cluster/reading.ts';
import { isSpecUnseen, refusalOf, releaseState, requestedRelease, sameRelease } from '../cluster/release.ts';
import { releaseText } from '../cluster/release-text.ts';
import { parseZStream } from '../cluster/z-stream.ts';
import { type Finding, finding } from './finding.ts';

/**
 * A snapshot taken in the middle of an update restores no release at all: one that is under way, or may begin at any moment,
 * stops the run. An operator that is unwell is no update.
 */
export function versionFindings(
  version: Reading<VersionFacts>,
  operators: Reading<readonly OperatorFacts[]>,
): readonly Finding[] {
  if (!version.ok) return [finding('blocker', 'version.unreadable', { why: version.why })];
  const facts = version.value;
  const updating = updatingFindings(facts);
  const findings =
    updating.length > 0
      ? [...updating]
      : [...specFindings(facts), ...unwellFindings(facts, operators), ...progressFindings(facts)];
  if (findings.length === 0)
    findings.push(finding('passed', 'version.settled', { version: facts.desiredVersion }));
  if (!parseZStream(facts.desiredVersion)) {
    findings.push(finding('warning', 'version.not-a-z-stream', { version: facts.desiredVersion }));
  }
  return findings;
}

/**
 * MicroShift has no ClusterVersion. A 404 alone is no sign of it: an API server that is starting answers so, too. So the
 * server must read out its nodes and list its APIs without the group, and never have shown a ClusterVersion before.
 */
export function isMicroShift(
  { version, nodes, configApi }: Pick<ClusterFacts, 'version' | 'nodes' | 'configApi'>,
  versionSeen: boolean,
): boolean {
  const isAbsent = !version.ok && version.why.reason === 'no-such-api';
  return isAbsent && nodes.ok && nodes.value.length > 0 && configApi === false && !versionSeen;
}

function updatingFindings(facts: VersionFacts): readonly Finding[] {
  const state = releaseState(facts);
  if (state.kind === 'settled') return [];
  const { from, to, arrived } = state;
  const progressing = conditionOf(facts.conditions, 'Progressing');
  const message = progressing?.message ?? `Progressing: ${progressing?.status ?? 'absent'}`;
  const comesFrom = from && !arrived && !sameRelease(from, to) ? from.version : '';
  return [finding('blocker', 'version.updating', { from: comesFrom, to: to.version, message })];
}

/** What the spec asks for and the version operator has not done. */
function specFindings(facts: VersionFacts): readonly Finding[] {
  const version = facts.desiredVersion;
  const asked = requestedRelease(facts);
  if (!asked) return isSpecUnseen(facts) ? [finding('warning', 'version.spec-unseen', { version })] : [];
  const to = releaseText(asked);
  const message = refusalOf(facts);
  // A refused update does not begin, and may even wait for this very backup.
  if (message !== undefined) return [finding('warning', 'version.update-refused', { version, to, message })];
  return [finding('blocker', 'version.update-to-come', { version, to })];
}

function unwellFindings(
  facts: VersionFacts,
  operators: Reading<readonly OperatorFacts[]>,
): readonly Finding[] {
  if (!isTrue(facts.conditions, 'Failing')) return [];
  const names = (operators.ok ? operators.value : []).filter(isUnwell).map(({ name }) => name);
  const message = conditionOf(facts.conditions, 'Failing')?.message ?? '';
  return [finding('warning', 'version.operators-unwell', { version: facts.desiredVersion, names, message })];
}

function isUnwell({ conditions }: OperatorFacts): boolean {
  return isTrue(conditions, 'Degraded') || statusOf(conditions, 'Available') === 'False';
}

function progressFindings(facts: VersionFacts): readonly Finding[] {
  if (statusOf(facts.conditions, 'Progressing') === 'False') return [];
  return [finding('warning', 'version.progress-unknown', { version: facts.desiredVersion })];
}
