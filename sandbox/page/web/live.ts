import type {
  Done,
  FromServer,
  PageHappening,
  PageHello,
  PagePatch,
  PageState,
  PersonAction,
  WorldAction,
} from '../protocol.ts';

/** What this window knows of the world, as the sandbox sent it. */
export interface Seen {
  readonly hello: PageHello | undefined;
  readonly state: PageState;
  readonly happenings: readonly PageHappening[];
  /** False: the sandbox is not reached; what is shown may be old. */
  readonly isConnected: boolean;
}

export interface Live {
  seen(): Seen;
  subscribe(listener: () => void): () => void;
  /** Resolves when the sandbox says what came of it. */
  act(action: PersonAction | WorldAction): Promise<Done>;
  close(): void;
}

/** Before the sandbox has sent anything. */
export const emptyState: PageState = {
  people: {},
  channels: {},
  messages: {},
  notices: {},
  views: {},
  cluster: {},
  places: {},
  switches: {},
  steps: {},
  world: {},
  coming: {},
  transfers: {},
};
const keptHappenings = 200;
const retryMs = 1_000;

/** The connection of this window, in which this person acts; undefined: whom the sandbox takes first. */
export function connect(person: string | undefined): Live {
  const listeners = new Set<() => void>();
  const waiting = new Map<number, (done: Done) => void>();
  let seen: Seen = { hello: undefined, state: emptyState, happenings: [], isConnected: false };
  let socket: WebSocket | undefined;
  let lastId = 0;
  let isClosed = false;

  function set(change: Partial<Seen>): void {
    seen = { ...seen, ...change };
    for (const listener of listeners) listener();
  }

  function take(message: FromServer): void {
    // A new connection is sent everything again.
    if (message.kind === 'hello')
      set({ hello: message.hello, state: emptyState, happenings: [], isConnected: true });
    else if (message.kind === 'patch') set({ state: patched(seen.state, message.patch) });
    else if (message.kind === 'happened')
      set({ happenings: [...seen.happenings, ...message.lines].slice(-keptHappenings) });
    else {
      const { kind: _, id, ...done } = message;
      waiting.get(id)?.(done);
      waiting.delete(id);
    }
  }

  function open(): void {
    const query = person === undefined ? '' : `?as=${encodeURIComponent(person)}`;
    const opened = new WebSocket(`ws://${location.host}/live${query}`);
    socket = opened;
    opened.addEventListener('message', ({ data }) => take(JSON.parse(String(data)) as FromServer));
    opened.addEventListener('close', () => {
      for (const answer of waiting.values()) answer({ error: 'The sandbox was not reached.' });
      waiting.clear();
      if (isClosed) return;
      set({ isConnected: false });
      setTimeout(open, retryMs);
    });
  }

  open();
  return {
    seen: () => seen,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    act(action) {
      if (socket?.readyState !== WebSocket.OPEN)
        return Promise.resolve({ error: 'The sandbox is not reached.' });
      lastId += 1;
      const id = lastId;
      socket.send(JSON.stringify({ id, action }));
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    close() {
      isClosed = true;
      socket?.close();
    },
  };
}

/** What did not change stays the same object, so that it is not drawn again. */
function patched(state: PageState, patch: PagePatch): PageState {
  const next: Record<string, Record<string, unknown>> = { ...state };
  for (const [part, entries] of Object.entries(patch)) {
    const merged = { ...next[part], ...entries };
    for (const [key, value] of Object.entries(entries)) if (value === null) delete merged[key];
    next[part] = merged;
  }
  return next as unknown as PageState;
}
