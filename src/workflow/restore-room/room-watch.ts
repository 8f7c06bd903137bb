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
  /** When each room's cluster was read last, ms of the monotonic clock, and whether every step was settled then. */
  const readAt = new Map<string, { readonly at: number; readonly isSettled: boolean }>();
  let running: Promise<void> | undefined;

  /** Not at every wake-up, but at once when the last step is settled. */
  function isDue(room: RestoreRoom, isSettled: boolean): boolean {
    const last = readAt.get(room.id);
    const now = clock.monotonic();
    if (last !== undefined && last.isSettled === isSettled && now - last.at < everyMs) return false;
    readAt.set(room.id, { at: now, isSettled });
    return true;
  }

  async function look(room: RestoreRoom): Promise<void> {
    const policy = deps.fleet.cluster(room.cluster);
    const isSettled = unsettled(room).length === 0;
    if (!policy || !isDue(room, isSettled)) return;
    if (isSettled) await check(deps, policy, room);
    else await seeApi(deps, policy, room, (await deps.clusters.version(policy)).ok);
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

function seeApi(
  deps: WorkflowDeps,
  policy: ClusterPolicy,
  { id }: RestoreRoom,
  answers: boolean,
): Promise<void> {
  return record(deps, policy, id, (room, now) => sawApi(room, answers, now));
}

/** Reads the whole cluster, once every step is settled, until all is well. */
async function check(deps: WorkflowDeps, policy: ClusterPolicy, room: RestoreRoom): Promise<void> {
  const facts = await deps.clusters.facts(policy);
  await seeApi(deps, policy, room, facts.version.ok);
  const checks = roomChecks(facts, room.paper);
  await record(deps, policy, room.id, (now, at) => sawChecks(now, checks, at));
}

async function record(
  deps: WorkflowDeps,
  policy: ClusterPolicy,
  roomId: string,
  see: (room: RestoreRoom, now: number) => RoomChange | undefined,
): Promise<void> {
  const now = deps.clock.now();
  const decided = await deps.records.decideRoom<never>({
    cluster: policy.name,
    roomId,
    now,
    decision(view) {
      const change = view.room && see(view.room, now);
      return change && withItsEnd(change, view, policy, now);
    },
  });
  if (decided.outcome === 'changed') deps.wake();
}
