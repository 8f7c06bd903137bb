# shellcheck shell=bash
# What the stand-ins of simulated control-plane hosts share. WORLD: the directory of all hosts. Every function takes the root
# of a host's file tree. A static pod runs as its kubelet would have it: its containers come with its manifest in
# /etc/kubernetes/manifests, and end some moments after the manifest is gone.

# What goes wrong although nothing fails: the rehearsal fails for it.
harm() { echo "$1" >>"$WORLD/harms"; }

# HOSTS, MINOR, RESTORE_TOOL, STATUS_TOOL, ADDRESS_ORDER, API_ADDRESS, OVN, GUARD.
. "$WORLD/conf"
H=$WORLD/hosts
HOST_COUNT=0
for _ in $HOSTS; do HOST_COUNT=$((HOST_COUNT + 1)); done

# What the kubelet did since the last look.
sync_kubelet() {
  local root=$1 file pod container containers
  for file in "$root"/etc/kubernetes/manifests/*.yaml; do
    [ -e "$file" ] || continue
    pod=${file##*/}
    pod=${pod%.yaml}
    pod=${pod%-pod}
    [ -e "$root/.host/containers/$pod" ] && continue
    mkdir "$root/.host/containers/$pod"
    containers=$pod
    [ "$pod" = etcd ] && containers='etcd etcdctl etcd-metrics etcd-readyz'
    for container in $containers; do : >"$root/.host/containers/$pod/$container"; done
  done
  for file in "$root"/.host/containers/*; do
    [ -e "$file" ] || continue
    pod=${file##*/}
    if [ "$pod" = workload ] || [ -e "$root/etc/kubernetes/manifests/$pod-pod.yaml" ] || [ -e "$root/etc/kubernetes/manifests/$pod.yaml" ]; then
      [ ! -e "$root/.host/stopping/$pod" ] || rm "$root/.host/stopping/$pod"
    elif [ -e "$root/.host/stuck/$pod" ]; then
      continue
    elif [ ! -e "$root/.host/stopping/$pod" ]; then
      # Still there at the first look, gone at the next.
      : >"$root/.host/stopping/$pod"
    else
      rm -rf "$file" "$root/.host/stopping/$pod"
    fi
  done
}

# As the scripts of the release print it.
wait_for_containers_to_stop() {
  local name
  for name in "$@"; do
    echo "Waiting for container $name to stop"
    while [ -n "$(crictl ps --label io.kubernetes.container.name="$name" -q)" ]; do
      echo -n .
      sleep 1
    done
    echo complete
  done
}

runs() { [ -e "$1/.host/containers/$2" ]; }

# A member of the cluster as it was before the restore, which still runs.
runs_old_etcd() { runs "$1" etcd && [ ! -e "$1/.host/restored" ] && [ ! -e "$1/.host/joined" ]; }

# Which host holds the API's virtual address: the first in keepalived's own order that runs it.
find_address_holder() {
  for ADDRESS_HOLDER in $ADDRESS_ORDER; do
    runs "$H/$ADDRESS_HOLDER" keepalived && return
  done
  ADDRESS_HOLDER=''
}
