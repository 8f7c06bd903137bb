import { conditionOf, isTrue } from '../condition.ts';
import type { VersionFacts } from '../facts.ts';
import { type Finding, finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { parseZStream } from '../z-stream.ts';

/**
 * A snapshot taken in the middle of an update restores no release at all. So the update must be finished by every sign;
 * `completionTime` is none (a Partial entry gets one when the next update replaces it).
 */
export function versionFindings(version: Reading<VersionFacts>): readonly Finding[] {
  if (!version.ok) return [unreadable(version.why)];
  const facts = version.value;
  const findings = [...updateFindings(facts), ...failingFindings(facts)];
  if (findings.length === 0)
    findings.push(finding('passed', 'version.settled', { version: facts.desiredVersion }));
  if (!parseZStream(facts.desiredVersion)) {
    findings.push(finding('warning', 'version.not-a-z-stream', { version: facts.desiredVersion }));
  }
  return findings;
}

/** MicroShift has no ClusterVersion: its API server does not know the kind. */
export function isMicroShift(version: Reading<VersionFacts>): boolean {
  return !version.ok && version.why.reason === 'no-such-api';
}

function unreadable(why: Extract<Reading<never>, { ok: false }>['why']): Finding {
  if (why.reason === 'no-such-api') return finding('blocker', 'version.microshift', {});
  return finding('blocker', 'version.unreadable', { why });
}

function updateFindings(facts: VersionFacts): readonly Finding[] {
  const newest = facts.history[0];
  const arrived = newest?.state === 'Completed' && newest.image === facts.desiredImage;
  const progressing = conditionOf(facts.conditions, 'Progressing');
  if (!arrived || progressing?.status !== 'False') {
    const from = facts.history.find(
      (entry) => entry.state === 'Completed' && entry.image !== facts.desiredImage,
    );
    const message = progressing?.message ?? `Progressing: ${progressing?.status ?? 'absent'}`;
    const names = { from: from?.version ?? newest?.version ?? '', to: facts.desiredVersion };
    return [finding('blocker', 'version.updating', { ...names, message })];
  }
  // Somebody asked for a change that the version operator has not looked at yet.
  if (facts.observedGeneration !== facts.generation) {
    return [finding('blocker', 'version.update-requested', { version: facts.desiredVersion })];
  }
  return [];
}

function failingFindings(facts: VersionFacts): readonly Finding[] {
  if (!isTrue(facts.conditions, 'Failing')) return [];
  const message = conditionOf(facts.conditions, 'Failing')?.message ?? '';
  return [finding('blocker', 'version.failing', { version: facts.desiredVersion, message })];
}
