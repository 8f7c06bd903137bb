#!/usr/bin/env bash
# etcd, etcdctl and etcdutl 3.5 for the tests of restore drills, beside whatever is installed: Debian 13's packages, fetched with apt
# (signatures checked) and unpacked into DIR. Installs nothing and leaves the machine's package lists as they are.
# usage: .ci/etcd-3.5.sh [DIR]   DIR: node_modules/.cache/etcd-3.5, where the tests look; does nothing when they are there.
# DEBIAN_MIRROR: where to fetch from, when apt is not set up for a mirror of Debian.
set -euo pipefail
dir=${1:-$(dirname "$0")/../node_modules/.cache/etcd-3.5}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
[ -x "$dir/etcd" ] && [ -x "$dir/etcdctl" ] && [ -x "$dir/etcdutl" ] && exit 0

mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 -E '/debian/?$' || true)}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if [ -z "$mirror" ] || [ ! -e "$keyring" ]; then
  echo "etcd 3.5 cannot be fetched: expected a mirror of Debian in apt's sources (or DEBIAN_MIRROR) and $keyring" >&2
  exit 1
fi

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir -p "$room/lists/partial" "$room/cache/archives/partial" "$room/debs" "$room/root"
cat >"$room/debian-13.sources" <<SOURCES
Types: deb
URIs: $mirror
Suites: trixie
Components: main
Signed-By: $keyring
SOURCES
apt=(
  -qq -o APT::Sandbox::User=root
  -o Dir::Etc::SourceList="$room/debian-13.sources" -o Dir::Etc::SourceParts=/dev/null
  -o Dir::State::Lists="$room/lists" -o Dir::Cache="$room/cache"
)
touch "$room/status"
apt-get "${apt[@]}" -o Dir::State::status="$room/status" update
(cd "$room/debs" && apt-get "${apt[@]}" -o Dir::State::status="$room/status" download etcd-server etcd-client)
for package in "$room"/debs/*.deb; do dpkg-deb --extract "$package" "$room/root"; done
for program in etcd etcdctl etcdutl; do install -m 0755 "$room/root/usr/bin/$program" "$dir/$program"; done
"$dir/etcdutl" version
