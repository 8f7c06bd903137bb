import { type DoctorLine, doctorLine } from '../../domain/doctor/doctor.ts';
import type { Examination } from './examining.ts';

/** Three heartbeats: one that was silent for longer has ended. */
const aliveMs = 90_000;

/** Whether what runs is what the files say, here and in other bots with the same records. */
export async function examineConfiguration({
  configuration,
  fleet,
  records,
  clock,
}: Pick<Examination, 'configuration' | 'fleet' | 'records' | 'clock'>): Promise<readonly DoctorLine[]> {
  const status = configuration?.();
  if (!status) return [];
  const { mistakes, atNextStart, leaving, waiting, digest } = status;
  const [first] = mistakes;
  const running = await records.bots({ since: clock.now() - aliveMs });
  const hosts = running.filter((each) => each.digest !== digest).map(({ host }) => host);
  return [
    first
      ? doctorLine('config.mistaken', { ...first, count: mistakes.length })
      : doctorLine('config.current', { clusters: fleet.clusters.length }),
    ...(atNextStart.length > 0 ? [doctorLine('config.next-start', { keys: atNextStart })] : []),
    ...(leaving.length > 0 ? [doctorLine('config.leaving', { clusters: leaving })] : []),
    ...(waiting.length > 0 ? [doctorLine('config.waiting', { clusters: waiting })] : []),
    ...(hosts.length > 0 ? [doctorLine('config.differs', { hosts })] : []),
  ];
}
