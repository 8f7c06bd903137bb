import type { ClusterFailureTexts } from '../cluster-failure-text.ts';
import { code, md } from '../markup.ts';

const approve = md`${code('oc get csr')} shows the requests that are Pending. Approve one whose requestor is a node that you know: ${code('oc adm certificate approve NAME')}.`;

/** `said` goes on after "The bot could not work on the cluster: ". */
export const clusterFailures: ClusterFailureTexts = {
  'api-connection-lost': {
    said: md`the connection to the cluster's API was cut`,
    means: md`An API server was restarting or being replaced, or a load balancer closed the connection. That passes by itself.`,
    next: md`See whether the API servers are being rolled out (${code('oc get clusteroperator kube-apiserver')}) and wait for the end of it.`,
  },
  'api-name-unresolved': {
    said: md`DNS does not resolve the name of the cluster's API`,
    means: md`The DNS server that the bot uses does not answer, or it does not know the name.`,
    next: md`Look the name up from where the bot runs (${code('getent hosts API-NAME')}), and compare it with the address in the bot's kubeconfig.`,
  },
  'api-certificate': {
    said: md`the certificate that the cluster's API shows is not trusted`,
    means: md`It has expired or is not valid yet, its CA is not the one in the bot's kubeconfig, or a proxy on the way shows a certificate of its own.`,
    next: md`Check the clock where the bot runs, then look at the certificate (${code('openssl s_client -connect API-NAME:6443')}). If the cluster's CA was replaced, put the new one into the bot's kubeconfig.`,
  },
  'api-overloaded': {
    said: md`the cluster's API turned the request away because it has too many (HTTP 429)`,
    means: md`Something on the cluster floods the API, or an API server has just started.`,
    next: md`Wait a few minutes. If it goes on, see who is asking so much: ${code('oc get --raw /debug/api_priority_and_fairness/dump_priority_levels')}.`,
  },
  'api-not-ready': {
    said: md`the cluster's API server is up but could not serve the request`,
    means: md`It is starting, or what it depends on (etcd, an aggregated API) does not answer it.`,
    next: md`Look at the control plane: ${code('oc get clusteroperators kube-apiserver openshift-apiserver etcd')}.`,
  },
  'etcd-slow': {
    said: md`etcd of the cluster did not answer the API server in time`,
    means: md`etcd is choosing a new leader, has lost its quorum, or its disks are too slow.`,
    next: md`Look at etcd: ${code('oc get pods -n openshift-etcd -o wide')}. If all pods are Ready, look at the latency of their disks.`,
  },
  'etcd-no-space': {
    said: md`etcd of the cluster takes no more writes because its space is used up (alarm NOSPACE)`,
    means: md`The cluster can only be read until that is settled, so no session pod can be made either.`,
    next: md`Defragment the members, then clear the alarm with ${code('etcdctl alarm disarm')} in an etcd pod. A backup can be made by hand over SSH on a control-plane node first: ${code('sudo /usr/local/bin/cluster-backup.sh /home/core/assets/backup')}.`,
  },
  'proxy-refused': {
    said: md`the proxy on the way to the cluster's API turned the bot away`,
    means: md`The proxy wants other credentials, or it does not allow this address.`,
    next: md`Check the user, the password and the allowed addresses of the proxy that the bot uses, or exempt the API's name in ${code('NO_PROXY')}.`,
  },
  'gateway-failed': {
    said: md`a proxy or load balancer in front of the cluster's API answered with an error instead of the API`,
    means: md`The proxy or load balancer reaches no API server at the moment.`,
    next: md`Look at it and at the API servers behind it: ${code('oc get pods -n openshift-kube-apiserver -o wide')}.`,
  },
  'client-configuration': {
    said: md`oc or kubectl cannot use the bot's kubeconfig`,
    means: md`The kubeconfig is incomplete, names a wrong address, or the program that it takes credentials from fails.`,
    next: md`Try it where the bot runs: ${code('oc --kubeconfig FILE whoami')}. Then correct the file.`,
  },
  'exec-upgrade-refused': {
    said: md`something between the bot and the cluster's API does not let commands through`,
    means: md`Commands on a node need a connection that is upgraded to WebSocket or SPDY. A proxy or load balancer on the way does not pass that on, although other requests work.`,
    next: md`Let the proxy or load balancer pass on ${code('Connection: Upgrade')}, or exempt the API's name in ${code('NO_PROXY')}.`,
  },
  'exec-runtime-failed': {
    said: md`the node's container runtime did not run a command`,
    means: md`CRI-O on that node was restarting, is overloaded, or is not well.`,
    next: md`Look on the node: ${code('systemctl status crio kubelet')}. Another control-plane node may work.`,
  },
  'kubelet-unreachable': {
    said: md`the API server could not reach the node's kubelet (port 10250)`,
    means: md`The kubelet was restarting, the node is down, or a firewall blocks port 10250 between the control-plane nodes.`,
    next: md`Look at the node: ${code('oc get nodes')}. If it is Ready, look at the network between the control-plane nodes; if not, at ${code('systemctl status kubelet')} on it.`,
  },
  'kubelet-tunnel-down': {
    said: md`the API server has no tunnel to the nodes (konnectivity has no agent)`,
    means: md`The API server of this cluster reaches its nodes through konnectivity agents, and none is connected.`,
    next: md`Look at the agents and at what they log: ${code('oc get pods -A | grep konnectivity')}.`,
  },
  'kubelet-certificate-pending': {
    said: md`the node's kubelet has no serving certificate: its request for one waits for approval`,
    means: md`Until it is approved, no command reaches a pod on this node and no log can be read, although the node may be Ready.`,
    next: approve,
  },
  'kubelet-certificate': {
    said: md`the API server does not trust the certificate of the node's kubelet`,
    means: md`The certificate has expired, the node's clock is wrong, or its CA is not one that the API server knows.`,
    next: md`Check the clock on the node (${code('timedatectl')}). ${approve}`,
  },
  'kubelet-refuses': {
    said: md`the node's kubelet refuses the API server`,
    means: md`The kubelet does not accept the API server's client certificate or its rights; this happens after certificates have expired or were replaced.`,
    next: md`Look at ${code('oc get clusteroperator kube-apiserver')} and, on the node, at ${code('journalctl -u kubelet')}. ${approve}`,
  },
  'webhook-unanswered': {
    said: md`an admission webhook did not answer the API server`,
    means: md`The API server has to ask that webhook before it makes a pod, and its pods are down or slow.`,
    next: md`The detail names the webhook. Look at its pods; ${code('oc get validatingwebhookconfigurations,mutatingwebhookconfigurations')} shows where it runs.`,
  },
};
