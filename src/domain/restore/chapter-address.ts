import { releaseLine } from '../cluster/z-stream.ts';

/**
 * Where the chapter is on the web; undefined: no address of this release line is known, and none is guessed. Addresses of
 * docs.redhat.com were found for 4.8, 4.12, 4.16 to 4.18 and 4.20 to 4.22, of docs.okd.io for 4.10, 4.14, 4.18 and 4.19, each
 * time of the same form; of 4.6 and 4.7 only the older ones of docs.openshift.com.
 */
export function chapterAddress(zStream: string): string | undefined {
  const line = releaseLine(zStream);
  if (line?.major !== 4) return undefined;
  const { minor } = line;
  if (/okd/i.test(zStream)) {
    return minor >= 10 && minor <= 19 ? `https://docs.okd.io/4.${minor}/${okdChapter}` : undefined;
  }
  if (minor === 6) return `${older}/4.6/backup_and_restore/${page}`;
  if (minor === 7) return `${older}/4.7/${okdChapter}`;
  if (minor < 8 || minor > 22) return undefined;
  return `https://docs.redhat.com/en/documentation/openshift_container_platform/4.${minor}/html/backup_and_restore/control-plane-backup-and-restore`;
}

const older = 'https://docs.openshift.com/container-platform';
const page = 'disaster_recovery/scenario-2-restoring-cluster-state.html';
const okdChapter = `backup_and_restore/control_plane_backup_and_restore/${page}`;
