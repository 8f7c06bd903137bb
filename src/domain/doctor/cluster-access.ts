import { type CredentialsLife, credentialsWarning } from '../cluster/credentials-life.ts';
import type { EtcdPodFacts, RightFacts } from '../cluster/facts.ts';
import type { Reading } from '../cluster/reading.ts';
import { type Elsewhere, elsewhereOf } from '../policy/elsewhere.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import { type DoctorLine, doctorLine } from './doctor.ts';

/** One answer of an API server by its own clock and by the bot's. All ms UTC. */
export interface ServerTime {
  readonly askedAt: number;
  readonly answeredAt: number;
  /** Of the answer's Date header, which has whole seconds; undefined: there was none. */
  readonly serverAt: number | undefined;
}

/** What the bot may do on one cluster and needs there, each fact on its own. */
export interface ClusterAccess {
  readonly serverTime: Reading<ServerTime>;
  readonly rights: Reading<readonly RightFacts[]>;
  readonly etcdPods: Reading<readonly EtcdPodFacts[]>;
  /** The level that pod security enforces in the sessions' namespace; undefined value: it has no such label. */
  readonly podSecurity: Reading<string | undefined>;
  /** `controlPlaneTopology`; absent: not asked. */
  readonly topology?: Reading<string>;
  /** When the bot's credentials end; absent: they do not say. `readAt`: ms UTC on the bot's clock. */
  readonly credentials?: { readonly life: CredentialsLife; readonly readAt: number };
}

/** Names, certificates and the record all carry times: from here on they mislead. */
const clockToleranceMs = 30_000;

/** What a person should know of this cluster. Without its API nothing else is known, so only that is reported. */
export function judgeClusterAccess(policy: ClusterPolicy, access: ClusterAccess): readonly DoctorLine[] {
  const cluster = policy.name;
  const { serverTime } = access;
  const credentials = judgeCredentials(cluster, access.credentials);
  if (!serverTime.ok) {
    const ending = credentials.filter(({ state }) => state !== 'good');
    return [doctorLine('api.unreachable', { cluster, why: serverTime.why }), ...ending];
  }
  const { topology } = access;
  const elsewhere = elsewhereOf(policy, topology?.ok ? topology.value : undefined);
  const reached = [
    doctorLine('api.reachable', { cluster }),
    ...credentials,
    ...judgeElsewhere(cluster, elsewhere),
  ];
  // There is no node to go to: rights, image and namespace are of no use there.
  if (elsewhere?.controlPlane === 'hosted') return reached;
  return [
    ...reached,
    ...judgeRights(cluster, access.rights),
    judgeImage(policy, access.etcdPods),
    ...judgeNamespace(policy, access.podSecurity),
    judgeClock(cluster, serverTime.value),
  ];
}

function judgeCredentials(cluster: string, read: ClusterAccess['credentials']): readonly DoctorLine[] {
  if (!read) return [];
  const { life, readAt } = read;
  const warning = credentialsWarning(life, readAt);
  const at = { cluster, endsAt: life.endsAt };
  if (warning === 0) return [doctorLine('credentials.ended', at)];
  return [doctorLine(warning === undefined ? 'credentials.valid' : 'credentials.end-soon', at)];
}

/** Who backs the cluster up, where this bot does not; and where the configuration and the cluster do not agree on it. */
function judgeElsewhere(cluster: string, elsewhere: Elsewhere | undefined): readonly DoctorLine[] {
  if (!elsewhere) return [];
  const { by, controlPlane } = elsewhere;
  if (by === undefined) return [doctorLine('elsewhere.unnamed', { cluster })];
  if (controlPlane === 'own') return [doctorLine('elsewhere.own-control-plane', { cluster, by })];
  return [doctorLine('elsewhere.named', { cluster, by })];
}

function judgeRights(cluster: string, rights: ClusterAccess['rights']): readonly DoctorLine[] {
  if (!rights.ok) return [doctorLine('rights.unreadable', { cluster, why: rights.why })];
  const missing = rights.value.filter((each) => !each.allowed);
  if (missing.length === 0) return [doctorLine('rights.complete', { cluster, count: rights.value.length })];
  return missing.map(({ right, role, neededFor }) =>
    doctorLine('right.missing', { cluster, right, role, neededFor }),
  );
}

function judgeImage(policy: ClusterPolicy, pods: ClusterAccess['etcdPods']): DoctorLine {
  const cluster = policy.name;
  const configured = policy.session.image;
  if (configured !== undefined) return doctorLine('image.configured', { cluster, image: configured });
  if (!pods.ok) return doctorLine('image.unreadable', { cluster, why: pods.why });
  const images = [...new Set(pods.value.flatMap(({ image }) => (image === undefined ? [] : [image])))];
  return images.length > 0
    ? doctorLine('image.of-etcd-pods', { cluster, images })
    : doctorLine('image.none', { cluster });
}

function judgeNamespace(policy: ClusterPolicy, level: ClusterAccess['podSecurity']): readonly DoctorLine[] {
  const at = { cluster: policy.name, namespace: policy.session.namespace };
  if (level.ok) {
    const privileged = level.value === 'privileged';
    return [
      privileged
        ? doctorLine('namespace.privileged', at)
        : doctorLine('namespace.not-privileged', { ...at, level: level.value }),
    ];
  }
  if (level.why.reason === 'absent') return [doctorLine('namespace.absent', at)];
  // deploy/ gives no right to read namespaces; the bot works without it, so there is nothing to fix.
  if (level.why.reason === 'forbidden') return [];
  return [doctorLine('namespace.unreadable', { ...at, why: level.why })];
}

/** The server's clock read somewhere between question and answer, and its header cuts off up to a second: both are forgiven. */
function judgeClock(cluster: string, { askedAt, answeredAt, serverAt }: ServerTime): DoctorLine {
  if (serverAt === undefined) return doctorLine('clock.unreadable', { cluster });
  const ahead = askedAt - (serverAt + 1_000);
  const behind = serverAt - answeredAt;
  const apart = Math.max(ahead, behind, 0);
  const seconds = Math.round(apart / 1_000);
  if (apart <= clockToleranceMs) return doctorLine('clock.together', { cluster, seconds });
  return doctorLine('clock.apart', { cluster, seconds, bot: ahead > behind ? 'ahead' : 'behind' });
}
