import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { type RestoreRoom, unsettled } from '../../domain/restore-room/room.ts';
import type { RoomChange } from '../../domain/restore-room/room-change.ts';
import { roomChecks } from '../../domain/restore-room/room-checks.ts';
import { sawApi, sawChecks } from '../../domain/restore-room/transitions.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { createWakeUp } from '../ports/wake-up.ts';
import { withItsEnd } from './over.ts';

/** Looks after the open restore rooms: what the bot sees itself, apart from what people say. One per process. */
export interface RoomWatch {
  start(): void;
  /** A step may have been settled: look at once. */
  wake(): void;
  stop(): Promise<void>;
}

/** Work in progress wakes it often. */
const pauseMs = 500;

export function createRoomWatch(deps: WorkflowDeps, { everyMs }: { readonly everyMs: number }): RoomWatch {
  const { clock, log } = deps;
  const stopping = new AbortController();
  const wakeUp = createWakeUp(clock);
  /** When each room's cluster was read last, ms of the monotonic clock. */
  const readAt = new Map<string, number>();
  let running: Promise<void> | undefined;

  async function look(room: RestoreRoom): Promise<void> {
    const policy = deps.fleet.cluster(room.cluster);
    if (!policy) return;
    await seeApi(deps, policy, room);
    const last = readAt.get(room.id);
    if (unsettled(room).length > 0 || (last !== undefined && clock.monotonic() - last < everyMs)) return;
    readAt.set(room.id, clock.monotonic());
    await check(deps, policy, room);
  }

  async function turn(): Promise<void> {
    const rooms = await deps.records.openRooms();
    for (const id of readAt.keys()) if (!rooms.some((room) => room.id === id)) readAt.delete(id);
    await Promise.all(
      rooms.map((room) =>
        look(room).catch((error: unknown) =>
          log.error(
            { cluster: room.cluster, room: room.id, err: error },
            'a restore room could not be looked at',
          ),
        ),
      ),
    );
  }

  async function run(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      const woken = wakeUp.next();
      await turn().catch((error: unknown) =>
        log.error({ err: error }, 'the restore rooms could not be read'),
      );
      await clock.sleep(pauseMs, signal);
      await wakeUp.wait(woken, everyMs, signal);
    }
  }

  return {
    start() {
      running ??= run();
    },
    wake: wakeUp.wake,
    async stop() {
      stopping.abort();
      wakeUp.wake();
      await running;
    },
  };
}

/** As the watch of the cluster saw it last: the cluster is not asked a second time. */
async function seeApi(deps: WorkflowDeps, policy: ClusterPolicy, { id }: RestoreRoom): Promise<void> {
  await record(deps, policy, id, (room, now, watch) => {
    if (!watch || (!watch.seen && !watch.silent)) return undefined;
    return sawApi(room, watch.silent === undefined, now);
  });
}

/** Reads the whole cluster, once every step is settled, until all is well. */
async function check(deps: WorkflowDeps, policy: ClusterPolicy, { id, paper }: RestoreRoom): Promise<void> {
  const checks = roomChecks(await deps.clusters.facts(policy), paper);
  await record(deps, policy, id, (room, now) => sawChecks(room, checks, now));
}

async function record(
  deps: WorkflowDeps,
  policy: ClusterPolicy,
  roomId: string,
  see: (
    room: RestoreRoom,
    now: number,
    watch: Awaited<ReturnType<WorkflowDeps['records']['watch']>>,
  ) => RoomChange | undefined,
): Promise<void> {
  const now = deps.clock.now();
  const decided = await deps.records.decideRoom<never>({
    cluster: policy.name,
    roomId,
    now,
    decision(view) {
      const change = view.room && see(view.room, now, view.watch);
      return change && withItsEnd(change, view, policy, now);
    },
  });
  if (decided.outcome === 'changed') deps.wake();
}
