import type { PodRefusal } from '../../../../domain/cluster/facts.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { FindingTexts } from '../finding-text.ts';

const sessionPod = {
  looked: md`The session pod`,
  why: md`The bot reaches the node through a privileged pod. If the cluster does not let it in, no backup can begin.`,
};

interface Refused {
  readonly found: Markup;
  readonly next: Markup;
}

function refused(because: PodRefusal, namespace: string, t: Tools): Refused {
  const ns = t.code(namespace);
  switch (because) {
    case 'pod-security':
      return {
        found: md`Pod Security does not allow privileged pods in ${ns}`,
        next: md`Label the namespace as the deployment manifests do: ${t.code('pod-security.kubernetes.io/enforce=privileged')}`,
      };
    case 'security-context':
      return {
        found: md`The bot may not use the SCC ${t.code('privileged')} in ${ns}`,
        next: md`Ask an administrator to apply the role ${t.code('etcd-backup-scc-privileged')} from the bot's deployment manifests.`,
      };
    case 'webhook':
      return {
        found: md`An admission webhook or policy of the cluster denies the pod`,
        next: md`Ask the owner of that policy to exempt the namespace ${ns}.`,
      };
    case 'quota':
      return {
        found: md`A ResourceQuota of ${ns} does not allow the pod`,
        next: md`Remove the quota from this namespace, which only holds the bot's session pods: ${t.code(`oc get resourcequota -n ${namespace}`)}`,
      };
    case 'limits':
      return {
        found: md`A LimitRange of ${ns} does not allow the pod`,
        next: md`Remove the LimitRange from this namespace, which only holds the bot's session pods: ${t.code(`oc get limitrange -n ${namespace}`)}`,
      };
    case 'priority-class':
      return {
        found: md`The pod's PriorityClass does not exist on this cluster`,
        next: md`OpenShift brings ${t.code('openshift-user-critical')} along. Find out who deleted it, and restore it: ${t.code('oc get priorityclass')}`,
      };
    case 'namespace-absent':
      return {
        found: md`The namespace ${ns} does not exist`,
        next: md`Apply the bot's deployment manifests to this cluster, or correct the session namespace in the configuration.`,
      };
    case 'namespace-ending':
      return {
        found: md`The namespace ${ns} is being deleted`,
        next: md`Wait until it is gone, then apply the bot's deployment manifests again.`,
      };
    case 'service-account':
      return {
        found: md`The service account ${t.code('default')} of ${ns} does not exist`,
        next: md`The cluster makes it again by itself within seconds. If not: ${t.code(`oc get serviceaccount -n ${namespace}`)}`,
      };
    case 'right':
      return {
        found: md`The bot may not create pods in ${ns}`,
        next: md`Ask an administrator to apply the role ${t.code('etcd-backup-sessions')} from the bot's deployment manifests.`,
      };
    case 'other':
      return {
        found: md`The API server refuses the pod`,
        next: md`Ask an administrator what in the cluster refuses pods in ${ns}.`,
      };
  }
}

/** Whether a run could begin: what the API server says to a dry run of the session pod. */
export const sessionFindings = (t: Tools) =>
  ({
    'session-pod.admitted': () => ({
      ...sessionPod,
      found: md`The API server would let it in (dry run, nothing was created).`,
    }),
    'session-pod.refused': (p) => {
      const { found, next } = refused(p.because, p.namespace, t);
      return { ...sessionPod, found: md`${found}: ${t.quote(p.detail)}`, next };
    },
    'session-pod.no-dry-run': (p) => ({
      ...sessionPod,
      found: md`A webhook of the cluster cannot be asked without creating the pod, so it is not known whether it comes in: ${t.quote(p.detail)}`,
      next: md`It shows at the start of a run. To know it earlier: set ${t.code('sideEffects: None')} on the webhook if it has none.`,
    }),
    'session-pod.unreadable': (p) => ({
      ...sessionPod,
      found: md`It is not known whether the cluster lets it in: ${t.why(p.why)}.`,
      next: md`${t.remedy(p.why, md`Let the bot create pods in its namespace.`)} A webhook that does not answer has the same effect.`,
    }),
  }) satisfies Partial<FindingTexts>;
