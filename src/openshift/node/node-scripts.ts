/**
 * Every text that a shell on the node reads. The texts are constants: all values come as positional arguments,
 * paths included, so nothing from outside is ever read as shell. POSIX sh with coreutils and tar, as RHCOS has.
 * Each prints `end` last, so that a cut answer is never taken for a whole one.
 */

/** $1 script, $2 backup root, $3 database file → `script yes|no`, `df LINE` (POSIX, KiB), `database BYTES`, `time SECONDS`,
 * `entry NAME` for what lies in the backup root. */
export const nodeFactsScript = `
if [ -x "$1" ]; then echo "script yes"; else echo "script no"; fi
place=$2
while [ ! -d "$place" ]; do place=$(dirname -- "$place"); done
echo "df $(df -Pk -- "$place" | tail -n 1)"
if [ -f "$3" ]; then echo "database $(wc -c < "$3")"; else echo "database unknown"; fi
echo "time $(date +%s)"
if [ -d "$2" ]; then ls -A -- "$2" | sed 's/^/entry /'; fi
echo end
`;

/**
 * $1 run directory, $2 script, $3 bytes of output to answer with; on stdin NAME=value lines for the environment, then an
 * empty line (a proxy URL may hold a password: argv is in the process table and in the audit log).
 * Runs the script with its output in files and its exit code renamed into place last, so that all of it outlives the
 * connection; so do its start and its end, in seconds of the node's uptime, which no clock change moves.
 * Refuses a directory that exists: a second snapshot for one run cannot happen. Says nothing until the end;
 * its last lines are `ran START END` and `exit CODE`: the connection may report another one's code.
 */
export const backupScript = `
umask 077
while IFS= read -r line; do
  [ -n "$line" ] || break
  case $line in *=*) export "$line" ;; esac
done
mkdir -p -- "$(dirname -- "$1")" || exit 73
mkdir -- "$1" || exit 75
mkdir -- "$1/.run" || exit 73
cut -d ' ' -f 1 /proc/uptime > "$1/.run/started"
echo "$$" > "$1/.run/pid"
"$2" "$1" > "$1/.run/stdout" 2> "$1/.run/stderr" < /dev/null
code=$?
cut -d ' ' -f 1 /proc/uptime > "$1/.run/ended"
echo "$code" > "$1/.run/exit.part"
mv -- "$1/.run/exit.part" "$1/.run/exit"
tail -c "$3" "$1/.run/stdout"
tail -c "$3" "$1/.run/stderr" >&2
printf '\\nran %s %s\\nexit %s\\n' "$(cat "$1/.run/started")" "$(cat "$1/.run/ended")" "$code"
`;

/**
 * $1 run directory → `state` `none` (never started; an empty directory is taken away), `live`, `gone` (died without an exit
 * code) or `done`; where it was started, `ran START NOW` in seconds of the node's uptime.
 */
export const runStateScript = `
lives() { tr '\\0' '\\n' < "/proc/$(cat "$1/.run/pid")/cmdline" | grep -qxF -- "$1"; } 2> /dev/null
if [ ! -d "$1/.run" ]; then
  # An empty directory would be taken for a started run. rmdir never removes one in which a run has just begun.
  rmdir -- "$1" 2> /dev/null
  echo "state none"
elif [ -f "$1/.run/exit" ]; then
  echo "state done"
elif lives "$1"; then
  echo "state live"
else
  # It may be writing its exit code, or be so young that its number is not on file yet.
  sleep 1
  if [ -f "$1/.run/exit" ]; then echo "state done"; elif lives "$1"; then echo "state live"; else echo "state gone"; fi
fi
if [ -s "$1/.run/started" ]; then echo "ran $(cat "$1/.run/started") $(cut -d ' ' -f 1 /proc/uptime)"; fi
echo end
`;

/** $1 run directory, $2 bytes: what backupScript would have answered, from the files that it left. */
export const runResultScript = `
tail -c "$2" "$1/.run/stdout"
tail -c "$2" "$1/.run/stderr" >&2
note() { cat "$1" 2> /dev/null; }
printf '\\nran %s %s\\nexit %s\\n' "$(note "$1/.run/started")" "$(note "$1/.run/ended")" "$(cat "$1/.run/exit")"
`;

/**
 * $1 run directory → one line a fact about both files. The snapshot is read twice (whole, and without its last 32 bytes)
 * side by side; the second reader finds the pages in memory.
 */
export const inspectScript = `
cd -- "$1" || exit 66
for name in * .run; do [ -e "$name" ] && printf 'file %s\\n' "$name"; done
printf 'machine %s\\n' "$(uname -m)"
snapshot=
for name in snapshot_*.db; do [ -f "$name" ] && snapshot=$name; done
resources=
for name in static_kuberesources_*.tar.gz; do [ -f "$name" ] && resources=$name; done
if [ -n "$snapshot" ]; then
  printf 'snapshot.name %s\\nsnapshot.size %s\\n' "$snapshot" "$(wc -c < "$snapshot")"
  printf 'snapshot.trailer %s\\n' "$(tail -c 32 -- "$snapshot" | od -An -v -tx1 | tr -d ' \\n')"
  printf 'snapshot.magic %s\\n' "$(head -c 20 -- "$snapshot" | tail -c 4 | od -An -v -tx1 | tr -d ' \\n')"
  { printf 'snapshot.sha256 %s\\n' "$(sha256sum < "$snapshot" | cut -c 1-64)"; } &
  { printf 'snapshot.body %s\\n' "$(head -c -32 -- "$snapshot" | sha256sum | cut -c 1-64)"; } &
fi
if [ -n "$resources" ]; then
  printf 'resources.name %s\\nresources.size %s\\n' "$resources" "$(wc -c < "$resources")"
  printf 'resources.sha256 %s\\n' "$(sha256sum < "$resources" | cut -c 1-64)"
  members=$(tar -tzf "$resources" 2> /dev/null)
  printf 'resources.list %s\\n' "$?"
  printf '%s\\n' "$members" | cut -d / -f 1,2 | sort -u | sed 's/^/resources.directory /'
fi
wait
echo end
`;

/** $1 run directory → `path …` for everything in it, at most 50 lines. */
export const leftScript = `
if [ -e "$1" ]; then find "$1" | head -n 50 | sed 's/^/path /'; fi
echo end
`;

/** $1 path. Not there: fine. */
export const removeScript = `
rm -rf -- "$1" && echo end
`;

/**
 * $1 seconds for one member, $2 seconds in all → etcd's word on its members as one line of JSON, then `said …` for each line
 * of its error output and `code N`. The container only sleeps, in every release's etcd pod, with etcd's addresses and
 * certificates in its environment; by namespace, since a workload may have one of the same name. `no-container`: there is none.
 */
export const membersScript = `
id=$(timeout -k 2 "$2" crictl ps --state running --label io.kubernetes.pod.namespace=openshift-etcd --name '^etcdctl$' -q | head -n 1)
if [ -z "$id" ]; then
  echo no-container
else
  { said=$(timeout -k 2 "$2" crictl exec "$id" etcdctl endpoint status --cluster -w json --command-timeout="$1s" 2>&1 1>&3 3>&-); } 3>&1
  code=$?
  printf '\\n%s\\n' "$said" | sed 's/^/said /'
  echo "code $code"
fi
echo end
`;
