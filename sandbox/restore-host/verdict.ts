import { byHandLine } from '../../src/domain/restore/release-lines.ts';
import type { RestoreHosts } from './hosts.ts';

/** What is wrong at the end although every step was done; undefined: nothing. */
export async function verdict(hosts: RestoreHosts, zStream: string): Promise<string | undefined> {
  const restarted = byHandLine(zStream)?.end === 'nodes';
  const { code, output } = await hosts.run(atTheEnd, {
    env: { RESTARTED: restarted ? hosts.names.join(' ') : '', WEBHOOKS: hosts.webhooks.join(' ') },
  });
  return code === 0 ? undefined : output;
}

const atTheEnd = `
cd "$WORLD"
no() { echo "$*"; exit 1; }
oc adm wait-for-stable-cluster >/dev/null || no 'the cluster is not stable'
compgen -G 'hosts/*/.host/restored' >/dev/null || no 'the cluster has the data of before'
[ ! -e cluster/guard-off ] || no 'the quorum guard is off'
for each in $WEBHOOKS; do [ -e "cluster/webhooks/$each.yaml" ] || no "webhook $each is missing"; done
for each in $RESTARTED; do [ -e "hosts/$each/.host/rebooted" ] || no "$each was not restarted"; done
left=$(find person hosts/*/home/core/assets/backup -name 'static_kuberesources*' -o -name 'snapshot_*' 2>/dev/null || true)
[ -z "$left" ] || no "files of the backup are left: $left"
[ ! -e person/restore-* ] || no 'the directory of the files is left'
`;
