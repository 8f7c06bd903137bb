#!/bin/sh
# A step of ../Containerfile: puts the programs beside the bot, and lets every user read them.
# usage: collect.sh FROM TO   FROM: the images client, etcd-3.4 and so on; TO: becomes / of the image
set -eu
from=$1
to=$2

# Where images keep programs: upstream's in /usr/local/bin or /bin, Red Hat's in /usr/bin.
take() { # IMAGE PROGRAM DIRECTORY; fails where the image has no such program
  for folder in usr/local/bin usr/bin bin; do
    program=$from/$1/$folder/$2
    if [ -f "$program" ]; then
      install -D -m 0755 "$program" "$3/$2"
      return
    fi
  done
  return 1
}

places='/usr/local/bin, /usr/bin or /bin'

fail() {
  echo "$*" >&2
  exit 1
}

# oc is kubectl as well, under that name.
if take client oc "$to/usr/local/bin"; then
  ln -s oc "$to/usr/local/bin/kubectl"
else
  take client kubectl "$to/usr/local/bin" || fail "CLIENT_IMAGE: expected oc or kubectl in $places, found neither"
fi

for minor in 3.4 3.5 3.6; do
  image=etcd-$minor
  tools=$to/opt/etcd/$minor
  argument=ETCD_$(echo "$minor" | tr . _)_IMAGE
  # none: an image without any file.
  [ -n "$(ls -A "$from/$image" 2>/dev/null)" ] || continue
  take "$image" etcd "$tools" || fail "$argument: expected etcd in $places, found none"
  take "$image" etcdctl "$tools" || fail "$argument: it has etcd, but no etcdctl; name an image that has both"
  take "$image" etcdutl "$tools" || [ "$minor" != 3.6 ] || fail "$argument: it has no etcdutl, without which etcd 3.6 restores nothing"
done

install -D -m 0755 "$(readlink -f "$(command -v node)")" "$to/usr/local/bin/node"

# A repository that was cloned under a strict umask is not readable for others.
chmod -R u+rwX,go+rX,go-w "$to"
