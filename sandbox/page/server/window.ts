import type { WebSocket } from 'ws';
import * as z from 'zod';
import type { World } from '../../world.ts';
import type { Done, FromServer, Order, PageHello } from '../protocol.ts';
import { act, personAction } from './actions.ts';
import { Differences } from './differences.ts';
import { createPace } from './pace.ts';
import { seenState } from './seen-state.ts';
import { worldAction } from './world-actions.ts';
import type { WorldPanel } from './world-panel.ts';

/** What windows share. */
export interface Shared {
  readonly world: World;
  readonly panel: WorldPanel;
  readonly hello: Omit<PageHello, 'me'>;
}

const order = z.strictObject({ id: z.int(), action: z.union([personAction, worldAction]) });
/** Short enough to look immediate, long enough that a burst of messages is one redraw. */
const paceMs = 30;

/** One window of a browser, in which one person acts. Ends with its socket. */
export function openWindow(socket: WebSocket, shared: Shared, user: string): void {
  const { world, panel, hello } = shared;
  const send = (message: FromServer) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const differences = new Differences();
  const draw = () => {
    const patch = differences.next({ ...seenState(world.workspace, user), ...panel.state() });
    if (patch) send({ kind: 'patch', patch });
  };
  const pace = createPace(paceMs, draw);
  send({ kind: 'hello', hello: { ...hello, me: user } });
  const lines = panel.happened();
  if (lines.length > 0) send({ kind: 'happened', lines });
  const endings = [
    world.workspace.onChange(pace.ask),
    panel.onChange(pace.ask),
    panel.onHappened((line) => send({ kind: 'happened', lines: [line] })),
  ];
  pace.ask();
  socket.on('message', (data) => {
    void obey(shared, user, String(data)).then((done) => {
      // What the action changed is there before its end is.
      draw();
      if (done) send({ kind: 'done', ...done });
    });
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    pace.stop();
    for (const end of endings) end();
  });
}

async function obey(
  { world, panel, hello }: Shared,
  user: string,
  text: string,
): Promise<(Done & { readonly id: number }) | undefined> {
  const read = readOrder(text);
  if (read === undefined) return undefined;
  const { id, action } = read;
  try {
    const done =
      action.do === 'world'
        ? await panel.act(action)
        : await act(world.workspace, user, hello.command.name, action);
    return { id, ...done };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

/** undefined: not what a page of this edition sends. */
function readOrder(text: string): Order | undefined {
  try {
    return order.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
