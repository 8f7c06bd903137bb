#!/bin/sh
# The steps of one approved run, as a careful person would script them: what the bot is measured against.
# $1 kubectl, $2 kubeconfig, $3 cache directory, $4 node, $5 run directory, $6 pod manifest (JSON), $7 directory of bench/
set -eu
client=$1 config=$2 cache=$3 node=$4 directory=$5 pod=$6 here=$7
k() { "$client" --kubeconfig="$config" --cache-dir="$cache" "$@"; }
phase() { k get pod etcd-backup-session --namespace=etcd-backup-sessions --ignore-not-found -o 'jsonpath={.status.phase}'; }
tries=0
pause() { tries=$((tries + 1)); [ "$tries" -lt 200 ] || { echo 'the session pod is neither up nor gone after 200 looks' >&2; exit 1; }; }
session() { k exec etcd-backup-session --namespace=etcd-backup-sessions --container=session "$@"; }

for user in requester approver; do
  k create -o name -f "$here/access-review-$user.json" > /dev/null
done
k get clusterversions.config.openshift.io version -o json > /dev/null
k get infrastructures.config.openshift.io cluster -o json > /dev/null
k get proxies.config.openshift.io cluster -o json > /dev/null
k get clusteroperators.config.openshift.io -o json > /dev/null
k get etcds.operator.openshift.io cluster -o json > /dev/null
k get nodes -o json > /dev/null
k get pods --namespace=openshift-etcd -o json > /dev/null

k create -f "$pod" > /dev/null
until [ "$(phase)" = Running ]; do pause; done

session -- chroot /host df -Pk /home/core > /dev/null
session --stdin -- chroot /host sh -c "$(cat "$here/backup.txt")" etcd-backup "$directory" /usr/local/bin/cluster-backup.sh 262144 \
  < "$here/environment.txt" > /dev/null 2>&1
session -- chroot /host sh -c "$(cat "$here/inspect.txt")" etcd-backup "$directory" > /dev/null
session -- chroot /host rm -rf -- "$directory/.run"
# --wait lists pods, which the bot's account may not.
k delete pod etcd-backup-session --namespace=etcd-backup-sessions --grace-period=1 --wait=false > /dev/null
while [ "$(phase)" != '' ]; do pause; done
