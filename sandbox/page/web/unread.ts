import { useCallback, useState, useSyncExternalStore } from 'react';
import type { PageState } from '../protocol.ts';

/** Up to which message this person has read each conversation and each thread: `C…` and `C…/ts` to a ts. */
export interface ReadMarks {
  readonly marks: Readonly<Record<string, number>>;
  read(key: string, ts: number): void;
}

/** Kept in the browser, for this world and this person. */
export function useReadMarks(world: string, person: string): ReadMarks {
  const place = `read ${world} ${person}`;
  const [marks, setMarks] = useState(() => storedMarks(place));
  const read = useCallback(
    (key: string, ts: number) =>
      setMarks((before) => {
        if ((before[key] ?? 0) >= ts) return before;
        const next = { ...before, [key]: ts };
        localStorage.setItem(place, JSON.stringify(next));
        return next;
      }),
    [place],
  );
  return { marks, read };
}

function storedMarks(place: string): Readonly<Record<string, number>> {
  return JSON.parse(localStorage.getItem(place) ?? '{}') as Record<string, number>;
}

/** Messages outside of threads that others wrote since. */
export function unreadIn(state: PageState, me: string, marks: ReadMarks['marks'], channel: string): number {
  return Object.values(state.messages).filter(
    (message) =>
      message.channel === channel &&
      message.user !== me &&
      (message.threadTs === undefined || message.broadcast) &&
      Number(message.ts) > (marks[channel] ?? 0),
  ).length;
}

/** Whether the window can be seen: what comes meanwhile is not read. */
export function useIsVisible(): boolean {
  return useSyncExternalStore(onVisibility, () => !document.hidden);
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
