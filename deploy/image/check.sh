#!/bin/sh
# The last step of ../Containerfile: each program runs on this base, and the etcd ones are of the minor release that they stand for.
set -eu

fail() {
  echo "$*" >&2
  exit 1
}

node -e 'process.exit(Number.parseInt(process.versions.node) >= 24 ? 0 : 1)' ||
  fail "node: expected version 24 or later that runs on this base, found: $(node --version 2>&1 || true)"
kubectl version --client >/dev/null ||
  fail "oc or kubectl does not run on this base; oc needs Kerberos' libgssapi_krb5.so.2, which UBI has"

for tools in /opt/etcd/*; do
  [ -d "$tools" ] || continue
  minor=${tools##*/}
  for program in "$tools"/*; do
    case $program in
      */etcd) said=$("$program" --version) ;;
      *) said=$("$program" version) ;;
    esac || fail "$program does not run on this base"
    case $said in
      *"Version: $minor."* | *"version: $minor."*) ;;
      *) fail "$program: expected etcd $minor, found: $said" ;;
    esac
  done
done

node -e 'await import("/app/src/start/bot.ts")' ||
  fail "the bot's modules cannot be loaded; the lines above say which"
# The library that draws has programs for some architectures only; a weekly summary comes without its picture then.
node -e 'await import("/app/node_modules/@resvg/resvg-js/index.js")' 2>/dev/null ||
  echo "note: no weekly picture on $(uname -m)"
