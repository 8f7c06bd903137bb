#!/bin/sh
# The sandbox's crictl, as far as a node is asked for its containers of etcd: `ps` lists those of the etcd pod, `exec` runs
# `etcdctl endpoint status --cluster` in one of them, as the real one was recorded. Where a real etcd runs it gives every
# member's revision and raft index; else the recorded ones do. `.sandbox/members` says who answers, and who is a learner.
set -u
ROOT=$(cd "$(dirname "$0")/../.." && pwd -P) || exit 1
CONTAINER=5d0f6e3c8b1a4c7d9e2f0a1b3c5d7e9f1a3b5c7d9e1f3a5b7c9d1e3f5a7b9c1d

conf() { sed -n "s/^$1=//p" "$ROOT/.sandbox/conf"; }

list_containers() {
  name=
  quiet=
  while [ $# -gt 0 ]; do
    case $1 in
      --name) name=$2; shift ;;
      --state | --label) shift ;;
      -q | --quiet) quiet=yes ;;
    esac
    shift
  done
  echo etcdctl | grep -q -- "${name:-.}" || return 0
  [ -f "$ROOT/etc/kubernetes/manifests/etcd-pod.yaml" ] || return 0
  if [ -n "$quiet" ]; then echo "$CONTAINER"; else printf 'CONTAINER STATE NAME\n%s Running etcdctl\n' "$CONTAINER"; fi
}

# One member's status after the other, each a line: `{"header":…}`, without `[{"Endpoint":…,"Status":` around it.
statuses() {
  etcdctl=$(conf etcdctl)
  if [ -n "$etcdctl" ]; then
    ETCDCTL_API=3 "$etcdctl" --endpoints "$(conf endpoint)" endpoint status -w json || exit 1
  else
    cat "$ROOT/.sandbox/endpoint-status.txt"
  fi | sed 's/},{"Endpoint"/}\n{"Endpoint"/g' | sed -n 's/^.*"Status":\(.*}\)}\]*$/\1/p'
}

# Three members that this machine has one etcd for: each gets an id of its own, and the first is the leader.
endpoint_status() {
  case $(cat "$ROOT/.sandbox/members") in 'all silent') sleep 600; exit 1 ;; esac
  lines=$(statuses) || exit 1
  leader=$(printf '%s\n' "$lines" | sed -n '1s/.*"member_id":\([0-9]*\).*/\1/p')
  number=0
  out=
  code=0
  while read -r address state kind; do
    number=$((number + 1))
    if [ "$state" = silent ]; then
      echo "Failed to get the status of endpoint https://$address:2379 (context deadline exceeded)" >&2
      code=1
      continue
    fi
    line=$(printf '%s\n' "$lines" | sed -n "${number}p")
    [ -n "$line" ] || line=$(printf '%s\n' "$lines" | sed -n '1p' | sed "s/\"member_id\":[0-9]*/\"member_id\":$((2634589845303371819 + number))/")
    line=$(printf '%s' "$line" | sed "s/\"leader\":[0-9]*/\"leader\":$leader/")
    [ "$kind" = learner ] && line="${line%\}},\"isLearner\":true}"
    out="$out,{\"Endpoint\":\"https://$address:2379\",\"Status\":$line}"
  done <"$ROOT/.sandbox/members"
  printf '[%s]\n' "${out#,}"
  exit $code
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  ps) list_containers "$@" ;;
  exec)
    if [ "${1:-}" != "$CONTAINER" ]; then
      echo "time=\"now\" level=fatal msg=\"execing command in container: rpc error: code = NotFound desc = could not find container \\\"${1:-}\\\"\"" >&2
      exit 1
    fi
    shift
    case "$*" in
      'etcdctl endpoint status '*) endpoint_status ;;
      *) echo "the sandbox's crictl cannot run: $*" >&2; exit 127 ;;
    esac
    ;;
  *) echo "the sandbox's crictl does not know: $command" >&2; exit 1 ;;
esac
