import { type Condition, type KubeObject, timestamp } from './kube-object.ts';
import { releaseImage } from './release-image.ts';

/** How many manifests a release has, as the version operator counts them. */
const manifests = 860;
/** Done before the first operator is waited for. */
const firstDone = 112;

/** `oc adm upgrade --to`: only the request; the version operator has not observed it yet. */
export function writeRequest(draft: KubeObject, version: string): void {
  const image = releaseImage(version);
  draft.spec.desiredUpdate = { architecture: '', force: false, image, version };
}

/** `oc adm upgrade --clear`. */
export function clearRequest(draft: KubeObject): void {
  delete draft.spec.desiredUpdate;
}

/** The version operator has observed the request and does not set out yet: a precondition is not met. */
export function writeHeld(draft: KubeObject, now: Date): void {
  const { version, image } = draft.spec.desiredUpdate;
  draft.status.observedGeneration = draft.metadata.generation;
  const payload = `Preconditions failed for payload loaded version="${version}" image="${image}"`;
  const why =
    'Precondition "EtcdRecentBackup" failed because of "ControllerStarted": RecentBackup: no recent backup';
  setOf(draft, now, {
    type: 'ReleaseAccepted',
    status: 'False',
    reason: 'PreconditionChecks',
    message: `${payload}: ${why}`,
  });
}

/** The version operator has observed the request and sets out; the history entry before ends, complete or not. */
export function writeBegin(draft: KubeObject, now: Date): void {
  const { version, image } = draft.spec.desiredUpdate;
  draft.status.observedGeneration = draft.metadata.generation;
  draft.status.desired = { ...draft.status.desired, version, image };
  const [before] = draft.status.history;
  // A replaced Partial entry gets a time of completion although it never was complete.
  if (before) before.completionTime ??= timestamp(now);
  setOf(draft, now, { type: 'ReleaseAccepted', status: 'True', reason: 'PayloadLoaded' });
  const entry = { completionTime: null, image, startedTime: timestamp(now) };
  draft.status.history.unshift({ ...entry, state: 'Partial', verified: true, version });
  writeProgress(draft, now, undefined, 0);
}

/** The requested version is the present one: it is observed, and the loaded release is accepted again. */
export function writeSeen(draft: KubeObject, now: Date): void {
  draft.status.observedGeneration = draft.metadata.generation;
  setOf(draft, now, { type: 'ReleaseAccepted', status: 'True', reason: 'PayloadLoaded' });
}

/** `share`: of all operators, 0 to 1. `waitingOn`: the one that is being replaced. */
export function writeProgress(
  draft: KubeObject,
  now: Date,
  waitingOn: string | undefined,
  share: number,
): void {
  const done = firstDone + Math.floor((manifests - firstDone) * share);
  const percent = Math.floor((done / manifests) * 100);
  const waiting = waitingOn === undefined ? '' : `, waiting on ${waitingOn}`;
  const message = `Working towards ${draft.status.desired.version}: ${done} of ${manifests} done (${percent}% complete)${waiting}`;
  setOf(draft, now, { type: 'Failing', status: 'False' });
  setOf(draft, now, { type: 'Progressing', status: 'True', message });
}

/** The update goes on trying, and says what it fails at. */
export function writeFailure(draft: KubeObject, now: Date, operator: string): void {
  const { version } = draft.status.desired;
  const reason = 'ClusterOperatorDegraded';
  setOf(draft, now, {
    type: 'Failing',
    status: 'True',
    reason,
    message: `Cluster operator ${operator} is degraded`,
  });
  setOf(draft, now, {
    type: 'Progressing',
    status: 'True',
    reason,
    message: `Unable to apply ${version}: the cluster operator ${operator} is degraded`,
  });
}

export function writeFinish(draft: KubeObject, now: Date): void {
  const { version } = draft.status.desired;
  Object.assign(draft.status.history[0], { state: 'Completed', completionTime: timestamp(now) });
  setOf(draft, now, { type: 'Available', status: 'True', message: `Done applying ${version}` });
  setOf(draft, now, { type: 'Failing', status: 'False' });
  setOf(draft, now, { type: 'Progressing', status: 'False', message: `Cluster version is ${version}` });
}

/** At rest, with operators that are unwell: `Failing` stays True although no update is under way. */
export function writeUnwell(draft: KubeObject, now: Date, names: readonly string[]): void {
  const reason = 'ClusterOperatorDegraded';
  const message = `Cluster operator ${names.join(', ')} is degraded`;
  setOf(draft, now, { type: 'Failing', status: 'True', reason, message });
  setOf(draft, now, {
    type: 'Progressing',
    status: 'False',
    reason,
    message: `Error while reconciling ${draft.status.desired.version}: the cluster operator ${names.join(', ')} is degraded`,
  });
}

/** At rest, and every operator is well again. */
export function writeWell(draft: KubeObject, now: Date): void {
  setOf(draft, now, { type: 'Failing', status: 'False' });
  const message = `Cluster version is ${draft.status.desired.version}`;
  setOf(draft, now, { type: 'Progressing', status: 'False', message });
}

/** Replaces one condition in place; its transition time is kept while its status stays. */
export function setOf(draft: KubeObject, now: Date, condition: Condition): void {
  draft.status ??= {};
  const conditions: Condition[] = draft.status.conditions ?? [];
  const old = conditions.find(({ type }) => type === condition.type);
  const kept = old?.status === condition.status ? old.lastTransitionTime : undefined;
  const next = { lastTransitionTime: kept ?? timestamp(now), ...condition };
  draft.status.conditions = old
    ? conditions.map((each) => (each === old ? next : each))
    : [...conditions, next];
}
