#!/bin/bash
# The sandbox's own emulation of a control-plane node's cluster-restore.sh: same checks, same order, same words, same moves of
# files, as the release branches of cluster-etcd-operator have them. It restores for real, with the etcd that the world names; the
# kubelet's part is lib.sh's.
set -u
. "$RESTORE_HOST_DIR/lib.sh"

R=$HOST_ROOT
DATA=$R/var/lib/etcd
BACKUP=$R/var/lib/etcd-backup
MANIFESTS=$R/etc/kubernetes/manifests
STOPPED=$R/home/core/assets/manifests-stopped
SCRIPTS=$R/etc/kubernetes/static-pod-resources/etcd-certs/configmaps/etcd-scripts
AUX=(kube-apiserver kube-controller-manager kube-scheduler)

usage() {
  echo 'Path to the directory containing backup files is required: ./cluster-restore.sh <path-to-backup>'
  echo 'The backup directory is expected to be contain two files:'
  echo '        1. etcd snapshot'
  echo '        2. A copy of the Static POD resources at the time of backup'
  exit 1
}

stop_pods() {
  local pod
  for pod in "$@"; do
    echo "...stopping $pod-pod.yaml"
    [ ! -e "$MANIFESTS/$pod-pod.yaml" ] || mv "$MANIFESTS/$pod-pod.yaml" "$STOPPED/"
  done
}

start_pods_of_archive() {
  local pod file
  for pod in "${AUX[@]}"; do
    echo "starting $pod-pod.yaml"
    file=$(tar -tzf "$ARCHIVE" static-pod-resources | grep "/$pod-pod.yaml\$" | head -n 1)
    if [ -z "$file" ]; then
      echo "$pod-pod.yaml does not exist in $ARCHIVE"
      exit 1
    fi
    tar -xOzf "$ARCHIVE" -C "$MANIFESTS" "$file" >"$MANIFESTS/$pod-pod.yaml"
  done
}

# What the pod restore-etcd does before it becomes etcd.
restore_snapshot() {
  local tool flags=() raft
  tool=$RESTORE_TOOL
  if [ "$MINOR" -ge 18 ]; then
    raft=$(sed -n 's/.*"maxRaftIndex": *\([0-9]*\).*/\1/p' "$BACKUP/revision.json" 2>/dev/null)
    raft=${raft:+$((raft * 12 / 10))}
    flags=(--bump-revision "${raft:-1000000000}" --mark-compacted)
    if ! "$tool" snapshot restore --help 2>&1 | grep -q -e --bump-revision; then
      echo "the sandbox's ${tool##*/} knows no --bump-revision: the revision stays as it is in the snapshot" >&2
      flags=()
    fi
  fi
  ETCDCTL_API=3 "$tool" snapshot restore "$BACKUP/snapshot.db" --data-dir "$DATA/restore" --name "${R##*/}" \
    --initial-cluster "${R##*/}=http://127.0.0.1:2380" --initial-advertise-peer-urls http://127.0.0.1:2380 \
    ${flags[@]+"${flags[@]}"} >"$R/.host/restore.log" 2>&1 || return 1
  mv "$DATA/restore/member" "$DATA/" && rmdir "$DATA/restore"
  # Room that etcd reserves for its log: copies of this world need not carry it.
  fallocate --dig-holes "$DATA"/member/wal/*.wal 2>/dev/null
  : >"$R/.host/restored"
}

if [ -z "${HOST_IS_ROOT-}" ]; then
  echo 'This script must be run as root'
  exit 1
fi
for name in etcd.env etcd-common-tools; do
  if [ ! -f "$SCRIPTS/$name" ]; then
    echo 'required dependencies not found, please ensure this script is run on a node with a functional etcd static pod'
    exit 1
  fi
done
if [ -z "${1-}" ] || [ ! -d "$1" ]; then usage; fi
# shellcheck disable=SC2012
ARCHIVE=$(ls -vd "$1"/static_kuberesources*.tar.gz 2>/dev/null | tail -1)
# shellcheck disable=SC2012
SNAPSHOT=$(ls -vd "$1"/snapshot*.db 2>/dev/null | tail -1)
if [ ! -f "$SNAPSHOT" ]; then
  echo "etcd snapshot $SNAPSHOT does not exist"
  exit 1
fi
if ! ETCDCTL_API=3 "$STATUS_TOOL" snapshot status "$SNAPSHOT" -w json; then
  echo "Backup integrity verification failed. Backup appears corrupted. Aborting!"
  exit 1
fi
if [ ! -f "$ARCHIVE" ]; then
  [ "$MINOR" -ge 18 ] || { echo "tar: $ARCHIVE: Cannot open: No such file or directory" && exit 2; }
fi
mkdir -p "$STOPPED"
sync_kubelet "$R"
if [ "$MINOR" -lt 18 ]; then
  stop_pods "${AUX[@]}"
  wait_for_containers_to_stop kube-controller-manager kube-apiserver kube-scheduler
fi
stop_pods etcd
extra=()
[ "$MINOR" -lt 18 ] || extra=(etcd-rev)
[ "$MINOR" -lt 18 ] || [ "$MINOR" -gt 20 ] || extra+=(etcd-backup-server)
wait_for_containers_to_stop etcd etcdctl etcd-metrics etcd-readyz ${extra[@]+"${extra[@]}"}

mkdir -p "$BACKUP"
if [ -d "$DATA/member" ]; then
  if [ -d "$BACKUP/member" ]; then
    echo "removing previous backup $BACKUP/member"
    rm -rf "$BACKUP/member"
  fi
  echo "Moving etcd data-dir $DATA/member to $BACKUP"
  mv "$DATA/member" "$BACKUP/"
fi
if [ "$MINOR" -ge 18 ]; then
  [ ! -f "$DATA/revision.json" ] || mv -f "$DATA/revision.json" "$BACKUP/"
  if [ -n "$(ls -A "$DATA" 2>/dev/null)" ]; then
    echo "folder $DATA is not empty, please review and remove all files in it"
    exit 1
  fi
fi
mkdir -p "$DATA"
tar -C "$R/etc/kubernetes" -xzf "$ARCHIVE" static-pod-resources || exit 2
cp -p "$SNAPSHOT" "$BACKUP/snapshot.db"
old=0
for each in $HOSTS; do
  sync_kubelet "$H/$each"
  [ ! -e "$H/$each/.host/lost" ] && runs_old_etcd "$H/$each" && old=$((old + 1))
done
[ $((old * 2)) -le "$HOST_COUNT" ] || harm 'the members of before still have their quorum: two etcd clusters run at once'
echo 'starting restore-etcd static pod'
restore_snapshot || { echo 'restore-etcd: the container ends with an error again and again' && exit 1; }
cp "$STOPPED/etcd-pod.yaml" "$MANIFESTS/etcd-pod.yaml"
sync_kubelet "$R"
[ "$MINOR" -ge 18 ] || start_pods_of_archive
sync_kubelet "$R"
[ "$MINOR" -lt 22 ] || echo 'SNAPSHOT RESTORE COMPLETED'
exit 0
