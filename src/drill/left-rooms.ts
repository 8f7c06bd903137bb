import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

export const roomName = 'etcd-backup-drill-';

/** A room's name names its process: of those that live on this machine, only our own id can be a dead one's. */
export async function removeLeftRooms(dir: string): Promise<void> {
  const names = await readdir(dir);
  const left = names.filter((name) => name.startsWith(roomName) && isLeft(name));
  await Promise.all(
    left.map((name) => rm(path.join(dir, name), { recursive: true, force: true }).catch(() => {})),
  );
}

function isLeft(name: string): boolean {
  const pid = Number(name.slice(roomName.length).split('-')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH';
  }
}
