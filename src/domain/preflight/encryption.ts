import type { Condition, EncryptionFacts } from '../facts.ts';
import { type Finding, finding } from '../finding.ts';
import type { Reading } from '../reading.ts';

/** In mid-migration part of the values is under one key and part under another: the backup's keys may not fit it. */
export function encryptionFindings(encryption: EncryptionFacts): readonly Finding[] {
  const found = [
    ...typeFindings(encryption.type),
    ...componentFindings('kube-apiserver', encryption.kubeApiServer),
    ...componentFindings('openshift-apiserver', encryption.openshiftApiServer),
  ];
  if (found.length > 0 || !encryption.type.ok) return found;
  const type = encryption.type.value;
  if (type === 'identity') return [finding('passed', 'encryption.off', {})];
  return [finding('passed', 'encryption.settled', { type })];
}

function typeFindings(type: Reading<string>): readonly Finding[] {
  if (type.ok) return [];
  return [
    finding('warning', 'encryption.unreadable', {
      what: 'spec.encryption.type of apiservers/cluster',
      why: type.why,
    }),
  ];
}

function componentFindings(component: string, encrypted: Reading<Condition | undefined>): readonly Finding[] {
  const what = `condition Encrypted of ${component}`;
  if (!encrypted.ok) return [finding('warning', 'encryption.unreadable', { what, why: encrypted.why })];
  const condition = encrypted.value;
  if (!condition) {
    const why = { reason: 'absent', detail: what } as const;
    return [finding('warning', 'encryption.unreadable', { what, why })];
  }
  const reason = condition.reason ?? '';
  if (!/^(En|De)cryptionInProgress$/.test(reason)) return [];
  return [finding('blocker', 'encryption.migrating', { component, reason })];
}
