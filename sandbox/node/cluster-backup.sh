#!/bin/sh
# The sandbox's own emulation of a control-plane node's cluster-backup.sh: same order of output, same streams, same exit
# codes, same files. It runs for real inside the node's tree, whose root it finds from its own place there, and takes a
# real snapshot where `.sandbox/conf` names an etcd; otherwise it hands out the recorded one.
# Which failure is played is said by `outcome` in that file; everything else (missing manifests, operators that are
# progressing, a dead proxy) is read from the tree and the environment as the real script does.
set -u
# No word here is a pattern: `*` is a value of NO_PROXY.
set -f

ROOT=$(cd "$(dirname "$0")/../../.." && pwd -P) || exit 1
KUBERNETES=/etc/kubernetes
CERTS=$KUBERNETES/static-pod-resources/etcd-certs

conf() { sed -n "s/^$1=//p" "$ROOT/.sandbox/conf"; }
on_node() { case $1 in "$ROOT"/*) printf '%s' "${1#"$ROOT"}" ;; *) printf '%s' "$1" ;; esac; }
clock() { date -u -d "@$(($(date +%s) + ${SANDBOX_CLOCK_OFFSET:-0}))" "$1"; }

OUTCOME=$(conf outcome)
RELEASE=$(conf release)
INTERNAL_IP=$(conf internalIp)

usage() {
  echo 'Path to backup dir required: ./cluster-backup.sh [--force] <path-to-backup-dir>'
  exit 1
}

# What the real script's trap on a failed command does: both files go, other leftovers stay.
abort() {
  rm -f "$TAR_FILE" "$SNAPSHOT_FILE"
  exit "$1"
}

require_dependencies() {
  for name in etcd.env etcd-common-tools; do
    [ -f "$ROOT$CERTS/configmaps/etcd-scripts/$name" ] && continue
    echo 'required dependencies not found, please ensure this script is run on a node with a functional etcd static pod'
    exit 1
  done
}

find_certificate() {
  first=$KUBERNETES/static-pod-certs/configmaps/etcd-all-bundles/server-ca-bundle.crt
  second=$CERTS/configmaps/etcd-all-bundles/server-ca-bundle.crt
  [ -f "$ROOT$first" ] && return
  echo "Certificate $first is missing. Checking in different directory"
  if [ ! -f "$ROOT$second" ]; then
    echo "Certificate $second is also missing in the second directory. Exiting!"
    exit 1
  fi
  echo "Certificate $second found!"
}

require_settled_operator() {
  case $(sed -n "s/^$1=//p" "$ROOT/.sandbox/progressing" 2>/dev/null) in
    False) return ;;
    '') echo "Could not find the status of the $1. Check if the API server is running. Pass the --force flag to skip checks." ;;
    *) echo "Currently the $1 operator is progressing. A reliable backup requires that a rollout is not in progress.  Aborting!" ;;
  esac
  exit 1
}

save_static_pod_resources() {
  members=''
  for resource in kube-apiserver kube-controller-manager kube-scheduler etcd; do
    manifest=$ROOT$KUBERNETES/manifests/$resource-pod.yaml
    if [ ! -f "$manifest" ]; then
      echo "error finding manifests for the $resource pod. please check if it is running."
      exit 1
    fi
    latest=$(grep -o "$KUBERNETES/static-pod-resources/$resource-pod-[0-9]*" "$manifest" | head -n 1)
    if [ -z "$latest" ]; then
      echo "error finding static-pod-resources for the $resource pod. please check if it is running."
      exit 1
    fi
    # 4.6 looks at the operators only since 2021-07-29.
    case $DIRTY$RELEASE in 4.4 | 4.6) ;; 4.16 | 3.6) require_settled_operator "$resource" ;; esac
    label=$resource
    [ "$RELEASE" = 4.4 ] && label=$resource-pod
    echo "found latest $label: $latest"
    members="$members ${latest#"$KUBERNETES"/}"
  done
  # shellcheck disable=SC2086 # the members are words of our own
  tar -cpzf "$TAR_FILE" -C "$ROOT$KUBERNETES" $members || abort 2
  chmod 600 "$TAR_FILE"
}

fetch_etcdctl() {
  image=quay.io/openshift-release-dev/ocp-v4.0-art-dev
  case $OUTCOME in
    etcdctl-missing)
      echo 'Could neither pull etcdctl nor find it locally in cache. Aborting!'
      exit 1
      ;;
    image-unpullable | image-behind-proxy)
      if [ "$OUTCOME" = image-unpullable ] || [ -z "${HTTPS_PROXY:-}" ]; then
        echo "Error: unable to pull $image: pinging container registry quay.io: i/o timeout" >&2
        echo "cp: cannot stat '/bin/etcdctl': No such file or directory" >&2
        abort 1
      fi
      ;;
  esac
  od -An -tx1 -N32 /dev/urandom | tr -d ' \n'
  case $RELEASE in
    4.6) printf '\netcdctl version: 3.4.9\nAPI version: 3.4\n' ;;
    4.4) printf '\netcdctl version: 3.3.18\nAPI version: 3.3\n' ;;
    3.6) printf '\netcdctl version: 3.6.1\nAPI version: 3.6\n' ;;
    *) printf '\netcdctl version: 3.5.16\nAPI version: 3.5\n' ;;
  esac
}

# One line of etcdctl's JSON log: logger or caller, message, then further members.
log() {
  now=$(clock "+%Y-%m-%dT%H:%M:%S.$(date +%6N)Z")
  printf '{"level":"info","ts":"%s",%s,"msg":"%s"%s}\n' "$now" "$1" "$2" "${3:-}" >&2
}

address_number() {
  echo "$1" | awk -F. 'NF == 4 { printf("%.0f", (($1 * 256 + $2) * 256 + $3) * 256 + $4) }'
}

# Go's rule for addresses: an exact one, a CIDR, or `*`.
no_proxy_covers_node() {
  node=$(address_number "$INTERNAL_IP")
  for entry in $(echo "${NO_PROXY:-${no_proxy:-}}" | tr ',' ' '); do
    case $entry in
      '*' | "$INTERNAL_IP") return 0 ;;
      */*)
        network=$(address_number "${entry%/*}")
        block=$((1 << (32 - ${entry#*/})))
        [ -n "$network" ] && [ $((node / block)) -eq $((network / block)) ] && return 0
        ;;
    esac
  done
  return 1
}

# etcdctl obeys HTTPS_PROXY, and no proxy leads back to the node: it waits for ever, as it does when etcd is down.
etcd_is_unreachable() {
  [ "$OUTCOME" = etcd-down ] && return 0
  [ -z "${HTTPS_PROXY:-${https_proxy:-}}" ] && return 1
  ! no_proxy_covers_node
}

wait_for_ever() {
  # Not beyond the sandbox's own life, should that be killed without a word.
  while kill -0 "$SANDBOX_PID" 2>/dev/null; do sleep 1; done
  exit 1
}

write_snapshot() {
  etcdctl=$(conf etcdctl)
  if [ -n "$etcdctl" ]; then
    ETCDCTL_API=3 env -u HTTPS_PROXY -u https_proxy "$etcdctl" --endpoints "$(conf endpoint)" \
      snapshot save "$SNAPSHOT_FILE" >/dev/null 2>"$ROOT/.sandbox/etcdctl.$$"
    code=$?
    [ $code -ne 0 ] && grep '^Error' "$ROOT/.sandbox/etcdctl.$$" | sed "s|$ROOT||g" >&2
    rm -f "$ROOT/.sandbox/etcdctl.$$"
    return $code
  fi
  gzip -dc "$ROOT/.sandbox/snapshot.db.gz" >"$SNAPSHOT_FILE.part" && mv "$SNAPSHOT_FILE.part" "$SNAPSHOT_FILE"
}

human_size() {
  wc -c <"$SNAPSHOT_FILE" | awk '{
    n = $1; u = "B"
    if (n >= 1e9) { n /= 1e9; u = "GB" } else if (n >= 1e6) { n /= 1e6; u = "MB" } else if (n >= 1e3) { n /= 1e3; u = "kB" }
    printf(u == "B" || n >= 10 ? "%.0f %s" : "%.1f %s", n, u) }'
}

save_snapshot() {
  file=$(on_node "$SNAPSHOT_FILE")
  endpoint="\"endpoint\":\"https://$INTERNAL_IP:2379\""
  (umask 077 && : >"$SNAPSHOT_FILE.part")
  log '"caller":"snapshot/v3_snapshot.go:65"' 'created temporary db file' ",\"path\":\"$file.part\""
  etcd_is_unreachable && wait_for_ever
  log '"logger":"client","caller":"v3/maintenance.go:212"' 'opened snapshot stream; downloading'
  log '"caller":"snapshot/v3_snapshot.go:73"' 'fetching snapshot' ",$endpoint"
  case $OUTCOME in
    disk-full)
      rm -f "$SNAPSHOT_FILE.part"
      echo "Error: write $file.part: no space left on device" >&2
      abort 5
      ;;
    killed-half-way)
      head -c 8192 /dev/urandom >"$SNAPSHOT_FILE.part"
      kill -9 $$
      ;;
  esac
  [ "$(conf slowSeconds)" -gt 0 ] && sleep "$(conf slowSeconds)"
  (umask 077 && write_snapshot) || abort 5
  log '"logger":"client","caller":"v3/maintenance.go:220"' 'completed snapshot read; closing'
  log '"caller":"snapshot/v3_snapshot.go:88"' 'fetched snapshot' ",$endpoint,\"size\":\"$(human_size)\",\"took\":\"now\""
  log '"caller":"snapshot/v3_snapshot.go:97"' 'saved' ",\"path\":\"$file\""
  echo "Snapshot saved at $file"
}

snapshot_status() {
  status='{"hash":2207365705,"revision":61,"totalKey":66,"totalSize":36864}'
  [ -n "$(conf statusTool)" ] && status=$(ETCDCTL_API=3 "$(conf statusTool)" snapshot status "$SNAPSHOT_FILE" -w json)
  # From 3.6 on the storage version closes the line; an older tool does not know it.
  case $RELEASE,$status in
    3.6,*'"version"'*) ;;
    3.6,*) status="${status%\}},\"version\":\"3.6.0\"}" ;;
  esac
  printf '%s\n' "$status"
}

check_snapshot() {
  case $RELEASE in 4.4 | 4.6) return ;; esac
  if [ "$OUTCOME" = integrity-failed ]; then
    echo 'Error: snapshot file integrity check failed. db file may be corrupted' >&2
    echo 'Backup integrity verification failed. Backup appears corrupted. Aborting!'
    abort 1
  fi
  snapshot_status
}

# What goes wrong without the script's notice: torn pages, a second run's trap, a lost file.
spoil() {
  case $OUTCOME in
    torn-snapshot) printf 'torn' | dd of="$SNAPSHOT_FILE" bs=1 seek=9000 conv=notrunc 2>/dev/null ;;
    short-snapshot)
      head -c -512 "$SNAPSHOT_FILE" >"$SNAPSHOT_FILE.part" && mv "$SNAPSHOT_FILE.part" "$SNAPSHOT_FILE"
      ;;
    half-pair) rm -f "$TAR_FILE" ;;
    files-vanish) rm -f "$TAR_FILE" "$SNAPSHOT_FILE" ;;
  esac
}

DIRTY=''
if [ "${1:-}" = --force ]; then
  DIRTY=__POSSIBLY_DIRTY__
  shift
fi
if [ -z "${1:-}" ] || [ -f "$1" ]; then usage; fi
[ -d "$1" ] || mkdir -p "$1" || exit 1

BACKUP_DIR=$1
STAMP=$(clock +%F_%H%M%S)
TAR_FILE=$BACKUP_DIR/static_kuberesources_$STAMP$DIRTY.tar.gz
SNAPSHOT_FILE=$BACKUP_DIR/snapshot_$STAMP$DIRTY.db

require_dependencies
if [ "$RELEASE" = 4.4 ]; then
  fetch_etcdctl
  save_static_pod_resources
elif [ "$RELEASE" = 4.6 ]; then
  find_certificate
  fetch_etcdctl
  save_static_pod_resources
else
  find_certificate
  save_static_pod_resources
  fetch_etcdctl
fi
save_snapshot
check_snapshot
spoil
echo "snapshot db and kube resources are successfully saved to $(on_node "$BACKUP_DIR")"
