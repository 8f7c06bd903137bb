import type { KubeObject } from './kube-object.ts';
import type { ClusterObjects } from './objects.ts';
import type { UpgradedOperator } from './upgrade-parts.ts';
import * as parts from './upgrade-parts.ts';
import * as version from './upgrade-version.ts';

/** The update's status, as the version operator writes it. */
export interface UpgradeStatus {
  /** What it runs, or goes to. */
  readonly version: string;
  readonly settled: boolean;
  /** Asked for, and not begun. */
  readonly requested: string | undefined;
  /** Every version that was reached completely, newest first. */
  readonly reached: readonly string[];
  /** What `oc get clusterversion` prints under STATUS. */
  readonly says: string;
}

/** An update of the sandbox's cluster, stage by stage. A stage that cannot come now throws. */
export interface Upgrade {
  status(): UpgradeStatus;
  /** Somebody sets `spec.desiredUpdate`: the generation rises, nothing else. Also back to where it was, or onwards in mid-update. */
  request(version: string): void;
  /** Takes the request back before anything began. */
  withdraw(): void;
  /** The version operator observes the request and does not set out: a precondition is not met. */
  hold(): void;
  /** The version operator observes the request and sets out. */
  begin(): void;
  operatorBegins(name: UpgradedOperator): void;
  operatorEnds(name: UpgradedOperator): void;
  /** The API server is replaced: connections are cut, then refused for `downMs`. Resolves when it answers again. */
  restartApi(downMs?: number): Promise<void>;
  /** A node of the control plane reboots; what runs on it is killed. */
  nodeGoesDown(name: string): void;
  nodeComesBack(name: string): void;
  /** An operator is degraded, the update makes no progress; `recover` ends it. */
  fail(operator: UpgradedOperator): void;
  recover(): void;
  /** An operator falls ill, or recovers: an update goes on all the same, and at rest the cluster reports `Failing`. */
  becomesUnwell(operator: string): void;
  becomesWell(operator: string): void;
  /** Everything of the control plane is there, operators that it does not replace may be unwell. The worker pool begins only now. */
  finish(): void;
  finishWorkers(): void;
}

export interface UpgradeParts {
  readonly objects: ClusterObjects;
  readonly now: () => Date;
  readonly restartApi: (downMs: number) => Promise<void>;
  /** Ends every pod on this node that something runs in. */
  readonly killPodsOn: (node: string) => void;
}

const apiDownMs = 500;

export function createUpgrade({ objects, now, restartApi, killPodsOn }: UpgradeParts): Upgrade {
  const clusterVersion = openClusterVersion(objects, now);
  const { change, status, underWay } = clusterVersion;
  return {
    status,
    ...requestStages(clusterVersion, objects, now),
    ...operatorStages(clusterVersion, objects, now),
    restartApi: (downMs = apiDownMs) => restartApi(downMs),
    nodeGoesDown(name) {
      parts.nodeGoesDown(objects, name, now());
      killPodsOn(name);
    },
    nodeComesBack: (name) => parts.nodeComesBack(objects, name, now()),
    finish() {
      const to = underWay();
      for (const name of parts.operators) parts.operatorEnds(objects, name, to, now());
      parts.setPoolUpdated(objects, 'master', true, now());
      parts.setPoolUpdated(objects, 'worker', false, now());
      change((draft) => version.writeFinish(draft, now()));
      clusterVersion.writeAtRest();
    },
    finishWorkers: () => parts.setPoolUpdated(objects, 'worker', true, now()),
  };
}

/** The ClusterVersion object, as the version operator writes it. */
interface ClusterVersion {
  change(write: (draft: KubeObject) => void): void;
  status(): UpgradeStatus;
  /** The version that the cluster goes to; throws when no update is under way. */
  underWay(): string;
  /** Without an update: whether all operators are well. */
  writeAtRest(): void;
}

function openClusterVersion(objects: ClusterObjects, now: () => Date): ClusterVersion {
  const change = (write: (draft: KubeObject) => void) =>
    void objects.patch('clusterversions', 'version', write);
  const status = () => statusOf(objects.get('clusterversions', 'version'));
  return {
    change,
    status,
    underWay() {
      const { version: to, settled } = status();
      if (settled) throw new Error(`no update is under way: the cluster is on ${to}`);
      return to;
    },
    writeAtRest() {
      const unwell = parts.degradedOperators(objects);
      change((draft) =>
        unwell.length > 0 ? version.writeUnwell(draft, now(), unwell) : version.writeWell(draft, now()),
      );
    },
  };
}

function requestStages(
  { change, status }: ClusterVersion,
  objects: ClusterObjects,
  now: () => Date,
): Pick<Upgrade, 'request' | 'withdraw' | 'hold' | 'begin'> {
  return {
    request: (to) => change((draft) => version.writeRequest(draft, to)),
    withdraw() {
      if (status().requested === undefined) throw new Error('no request is there that could be taken back');
      change((draft) => version.clearRequest(draft));
      change((draft) => version.writeSeen(draft, now()));
    },
    hold() {
      const { requested, version: present } = status();
      if (requested === undefined || requested === present) throw new Error('no update was requested');
      change((draft) => version.writeHeld(draft, now()));
    },
    begin() {
      const { requested, version: present } = status();
      if (requested === undefined) throw new Error('no update was requested');
      change((draft) =>
        requested === present ? version.writeSeen(draft, now()) : version.writeBegin(draft, now()),
      );
      if (requested !== present) parts.setPoolUpdated(objects, 'master', false, now());
    },
  };
}

function operatorStages(
  { change, status, underWay, writeAtRest }: ClusterVersion,
  objects: ClusterObjects,
  now: () => Date,
): Pick<Upgrade, 'operatorBegins' | 'operatorEnds' | 'fail' | 'recover' | 'becomesUnwell' | 'becomesWell'> {
  const writeProgress = (waitingOn: string | undefined) => {
    const to = underWay();
    const done = parts.operators.filter(
      (name) => objects.get('clusteroperators', name).status.versions[0]?.version === to,
    );
    const share = done.length / parts.operators.length;
    change((draft) => version.writeProgress(draft, now(), waitingOn, share));
  };
  const setDegraded = (operator: string, degraded: 'True' | 'False') => {
    objects.patch('clusteroperators', operator, (draft) =>
      version.setOf(draft, now(), { type: 'Degraded', status: degraded }),
    );
    if (status().settled) writeAtRest();
  };
  return {
    operatorBegins(name) {
      underWay();
      parts.operatorBegins(objects, name, now());
      writeProgress(name);
    },
    operatorEnds(name) {
      parts.operatorEnds(objects, name, underWay(), now());
      writeProgress(undefined);
    },
    fail(operator) {
      underWay();
      parts.operatorDegrades(objects, operator, now());
      change((draft) => version.writeFailure(draft, now(), operator));
    },
    recover() {
      const to = underWay();
      const degraded = parts.degradedOperators(objects);
      for (const name of parts.operators.filter((each) => degraded.includes(each)))
        parts.operatorEnds(objects, name, to, now());
      writeProgress(undefined);
    },
    becomesUnwell: (operator) => setDegraded(operator, 'True'),
    becomesWell: (operator) => setDegraded(operator, 'False'),
  };
}

function statusOf({ metadata, spec, status }: KubeObject): UpgradeStatus {
  const { desired } = status;
  const wanted: string | undefined = spec.desiredUpdate?.version;
  const begun = status.observedGeneration === metadata.generation && wanted === desired.version;
  const history: readonly { state: string; version: string }[] = status.history;
  const progressing = status.conditions.find((each: { type: string }) => each.type === 'Progressing');
  return {
    version: desired.version,
    settled: history[0]?.state === 'Completed',
    requested: begun ? undefined : wanted,
    reached: history.filter(({ state }) => state === 'Completed').map((entry) => entry.version),
    says: progressing?.message ?? '',
  };
}
