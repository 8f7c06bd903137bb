#!/bin/bash
# The sandbox's own emulation of disable-etcd.sh, which nodes have from 4.18 on.
set -u
. "$RESTORE_HOST_DIR/lib.sh"
R=$HOST_ROOT
if [ -z "${HOST_IS_ROOT-}" ]; then
  echo 'This script must be run as root'
  exit 1
fi
mkdir -p "$R/home/core/assets/manifests-stopped"
sync_kubelet "$R"
echo '...stopping etcd-pod.yaml'
[ ! -e "$R/etc/kubernetes/manifests/etcd-pod.yaml" ] ||
  mv "$R/etc/kubernetes/manifests/etcd-pod.yaml" "$R/home/core/assets/manifests-stopped/"
wait_for_containers_to_stop etcd etcdctl etcd-metrics etcd-readyz etcd-rev etcd-backup-server
