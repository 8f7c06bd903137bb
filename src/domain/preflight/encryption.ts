import type { EncryptionConditions, EncryptionFacts } from '../cluster/facts.ts';
import { known, type Reading } from '../cluster/reading.ts';
import { type Finding, finding } from './finding.ts';

/** In mid-migration part of the values is under one key and part under another: the backup's keys may not fit it. */
export function encryptionFindings(encryption: EncryptionFacts): readonly Finding[] {
  const { type, oauthApiServer: oauth } = encryption;
  const wanted = type.ok ? type.value : undefined;
  const found = [
    ...typeFindings(type),
    ...componentFindings('kube-apiserver', encryption.kubeApiServer, wanted),
    ...componentFindings('openshift-apiserver', encryption.openshiftApiServer, wanted),
    ...(oauth.ok && oauth.value === undefined
      ? []
      : componentFindings('oauth-apiserver', oauth.ok ? known(oauth.value ?? nothingSaid) : oauth, wanted)),
  ];
  if (found.length > 0 || wanted === undefined) return found;
  if (wanted === 'identity') return [finding('passed', 'encryption.off', {})];
  return [finding('passed', 'encryption.settled', { type: wanted })];
}

const nothingSaid: EncryptionConditions = { encrypted: undefined, migration: undefined };

function typeFindings(type: Reading<string>): readonly Finding[] {
  if (type.ok) return [];
  return [
    finding('warning', 'encryption.unreadable', {
      what: 'spec.encryption.type of apiservers/cluster',
      why: type.why,
    }),
  ];
}

const inMigration = ['EncryptionInProgress', 'DecryptionInProgress'];
/** What each end of a migration says, by whether anything is encrypted then. */
const ended: Readonly<Record<string, boolean>> = {
  EncryptionCompleted: true,
  EncryptionDisabled: false,
  DecryptionCompleted: false,
};

/** `wanted`: the type of the spec; undefined: not known. */
function componentFindings(
  component: string,
  conditions: Reading<EncryptionConditions>,
  wanted: string | undefined,
): readonly Finding[] {
  const what = `condition Encrypted of ${component}`;
  if (!conditions.ok) return [finding('warning', 'encryption.unreadable', { what, why: conditions.why })];
  const { encrypted, migration } = conditions.value;
  const reason = encrypted?.reason ?? '';
  if (inMigration.includes(reason))
    return [finding('blocker', 'encryption.migrating', { component, reason })];
  // A rotation of the key leaves EncryptionCompleted as it is.
  if (migration?.status === 'True') {
    return [finding('blocker', 'encryption.rewriting', { component, message: migration.message ?? '' })];
  }
  if (!encrypted) return [unclear(what, 'absent', what)];
  const isOn = ended[reason];
  if (isOn === undefined)
    return [unclear(what, 'malformed', `reason “${reason}”, status ${encrypted.status}`)];
  // The condition is not written while revisions roll out: it may speak of the time before the switch.
  if (wanted !== undefined && isOn !== (wanted !== 'identity')) {
    return [finding('blocker', 'encryption.mismatch', { component, type: wanted, reason })];
  }
  return [];
}

function unclear(what: string, reason: 'absent' | 'malformed', detail: string): Finding {
  return finding('warning', 'encryption.unreadable', { what, why: { reason, detail } });
}
