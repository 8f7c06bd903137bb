#!/bin/sh
# Prints a kubeconfig of a managed cluster's service account etcd-backup, for Secret etcd-backup-kubeconfigs of the hub.
# usage: deploy/kubeconfig.sh CONTEXT [DURATION] > FILE
# CONTEXT: an administrator's, of that cluster. DURATION: how long the token is asked for (8760h); the cluster may give less.
# It holds a token that is worth an administrator's: umask 077 first. OC: the client, oc where it is not set.
set -eu
context=${1:?CONTEXT is missing: deploy/kubeconfig.sh CONTEXT [DURATION]}
duration=${2:-8760h}
oc=${OC:-oc}

server=$("$oc" config view --context "$context" --minify -o 'jsonpath={.clusters[0].cluster.server}')
ca=$("$oc" config view --context "$context" --minify --flatten --raw -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}')
token=$("$oc" --context "$context" --namespace etcd-backup create token etcd-backup --duration "$duration")

cat <<YAML
apiVersion: v1
kind: Config
clusters:
  - name: managed
    cluster:
      server: $server
${ca:+      certificate-authority-data: $ca
}users:
  - name: etcd-backup
    user:
      token: $token
contexts:
  - name: etcd-backup
    context:
      cluster: managed
      user: etcd-backup
current-context: etcd-backup
YAML
