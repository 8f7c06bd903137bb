import { App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Dispatcher } from 'undici';
import type { ProxySettings } from '../../domain/network/proxy-settings.ts';
import { withDeadline } from '../../workflow/ports/deadline.ts';
import type { Clock, Log, SlackSelf } from '../../workflow/ports/ports.ts';
import { boltLogger } from '../client/bolt-logger.ts';
import { askIdentity, type BotIdentity } from '../client/identity.ts';
import { createPeople, type People } from '../client/people.ts';
import { ProxiedDispatcher } from '../client/proxied.ts';
import { createSlackSelf } from '../client/self.ts';
import { slackFailure } from '../client/slack-failure.ts';
import { createWebClient, webClientOptions } from '../client/web-client.ts';
import { listenToBoardButtons } from '../input/board-windows.ts';
import { listenToCancel, listenToUnknownButtons, listenToVote } from '../input/buttons.ts';
import { listenToCommand } from '../input/command.ts';
import { listenToDismissal } from '../input/dismiss-reminder.ts';
import { listenToBoardControls, listenToHome } from '../input/home.ts';
import type { ListenerDeps } from '../input/listener.ts';
import { listenToAsk, listenToClusterChoice } from '../input/open-form.ts';
import { listenToPlaceButton } from '../input/place-button.ts';
import { listenToRestoredButtons } from '../input/restored.ts';
import { listenToFormSubmission } from '../input/submit-form.ts';
import { listenToWatchButtons } from '../input/watch-buttons.ts';
import { HttpReceiver } from './http-receiver.ts';
import { createRefusals } from './http-refusals.ts';
import { keepConnected } from './socket-connection.ts';

/** How commands and clicks come: over a connection that we open, or as signed requests to us. */
export type DeliveryOptions =
  /** SECRET: the app-level token. */
  | { readonly mode: 'socket'; readonly appToken: string }
  /** SECRET: the signing secret. */
  | { readonly mode: 'http'; readonly signingSecret: string; readonly port: number; readonly path: string };

export interface SlackOptions {
  /** SECRET */
  readonly botToken: string;
  readonly delivery: DeliveryOptions;
  /** Base of the Web API, for GovSlack and tests; Slack's own when undefined. */
  readonly apiUrl: string | undefined;
  /** The workspace that it must be; any when undefined. */
  readonly teamId: string | undefined;
  /** The way to Slack; absent: directly. */
  readonly proxy?: ProxySettings | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once, after start(), when Slack will not have us any more: say so (it is logged already) and exit non-zero. */
  readonly onFatal: (error: Error) => void;
  /** Ends the waiting for a Slack that cannot be reached at the start; never unless given. */
  readonly signal?: AbortSignal;
  /** While Slack cannot be reached at the start: called with the reason at each try. */
  readonly onWait?: (detail: string) => void;
}

export interface Slack {
  readonly identity: BotIdentity;
  readonly people: People;
  readonly self: SlackSelf;
  /** For posts: no retries, because a lost answer must not become a second message. */
  readonly client: WebClient;
  /** Before start(), once. */
  listen(deps: Pick<ListenerDeps, 'backups' | 'watch' | 'fleet' | 'language'>): void;
  /**
   * Resolves when connected (mode http: when listening). Keeps trying while Slack cannot be reached; rejects when it
   * refuses the token or the port cannot be had.
   */
  start(): Promise<void>;
  /** Whether Slack can reach us at this moment. */
  connected(): boolean;
  /** Lets answers under way finish (5 s at most; for what takes longer, asks the person to retry), then closes the connection. */
  stop(): Promise<void>;
  /** After the last post: ends the connections through a proxy that are still open, answered or not. */
  close(): void;
}

const finishDeadlineMs = 5_000;

/**
 * Learns from Slack who we are; waits while Slack cannot be reached. Throws, saying what to do, when the bot token is not good.
 * Connects nothing yet.
 */
export async function openSlack(options: SlackOptions): Promise<Slack> {
  const { clock, log, apiUrl, botToken } = options;
  const dispatcher = options.proxy && new ProxiedDispatcher(options.proxy);
  const posts = createWebClient({ token: botToken, apiUrl, log, retries: 0, dispatcher });
  const reads = createWebClient({ token: botToken, apiUrl, log, retries: 1, dispatcher });
  const asking = askIdentity(reads, {
    expectedTeamId: options.teamId,
    clock,
    log,
    signal: options.signal ?? new AbortController().signal,
    onWait: options.onWait ?? (() => undefined),
  });
  const identity = await asking.catch((error: unknown) => {
    dispatcher?.end();
    throw error;
  });
  const people = createPeople({ client: reads, teamId: identity.teamId, clock });
  const delivery = openDelivery(options, dispatcher);
  const app = boltApp(options, delivery.receiver, identity, dispatcher);
  const underWay = trackHandlers(app);
  const stopping = new AbortController();
  return {
    identity,
    people,
    self: createSlackSelf(reads, identity.botName),
    client: posts,
    listen(given) {
      const { signal } = stopping;
      const deps: ListenerDeps = {
        ...given,
        people,
        identity,
        client: posts,
        clock,
        log,
        stopping: signal,
      };
      listenToCommand(app, deps);
      listenToVote(app, deps, 'approve');
      listenToVote(app, deps, 'reject');
      listenToCancel(app, deps);
      listenToAsk(app, deps);
      listenToClusterChoice(app, deps);
      listenToFormSubmission(app, deps);
      listenToWatchButtons(app, deps);
      listenToDismissal(app, deps);
      listenToHome(app, deps);
      listenToBoardControls(app, deps);
      listenToBoardButtons(app, deps);
      listenToPlaceButton(app, deps);
      listenToRestoredButtons(app, deps);
      listenToUnknownButtons(app, deps);
    },
    start: () => delivery.start(),
    connected: () => delivery.connected(),
    stop() {
      stopping.abort();
      return delivery.stop(async () => {
        await withDeadline(clock, finishDeadlineMs, Promise.allSettled(underWay));
      });
    },
    close: () => dispatcher?.end(),
  };
}

interface SlackDelivery {
  readonly receiver: Receiver;
  start(): Promise<void>;
  connected(): boolean;
  /** `finish` waits for the answers under way. */
  stop(finish: () => Promise<void>): Promise<void>;
}

function openDelivery(options: SlackOptions, dispatcher: Dispatcher | undefined): SlackDelivery {
  const { clock, log, delivery, onFatal } = options;
  if (delivery.mode === 'http') {
    const receiver = new HttpReceiver({ ...delivery, clock, log, refusals: createRefusals({ clock, log }) });
    return {
      receiver,
      start: () => receiver.start(),
      connected: () => receiver.listening,
      async stop(finish) {
        await receiver.stop();
        await finish();
      },
    };
  }
  // Apart from the Web API's: when a connection is lost, all of its sockets are ended.
  const sockets = options.proxy && new ProxiedDispatcher(options.proxy);
  const receiver = socketReceiver(delivery.appToken, options, { calls: dispatcher, sockets });
  const connection = keepConnected({
    client: receiver.client,
    clock,
    log,
    onFatal,
    onLost: () => sockets?.drop(),
  });
  return {
    receiver,
    start: () => connection.start(),
    connected: () => connection.connected(),
    async stop(finish) {
      // Acknowledgements go over the connection.
      await finish();
      await connection.stop();
    },
  };
}

function socketReceiver(
  appToken: string,
  { apiUrl, log }: SlackOptions,
  ways: { readonly calls: Dispatcher | undefined; readonly sockets: Dispatcher | undefined },
): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken,
    ...(ways.sockets ? { dispatcher: ways.sockets } : {}),
    logger: boltLogger(log, 'socket-mode', 'info'),
    autoReconnectEnabled: false,
    // apps.connections.open must go where everything else goes.
    installerOptions: {
      clientOptions: webClientOptions({ apiUrl, log, retries: 0, dispatcher: ways.calls }),
    },
    processEventErrorHandler: async ({ error }) => {
      log.error({ error: slackFailure(error).detail }, 'a delivery of Slack could not be read');
      return false;
    },
  });
}

function boltApp(
  { botToken, apiUrl, log }: SlackOptions,
  receiver: Receiver,
  identity: BotIdentity,
  dispatcher: Dispatcher | undefined,
): App {
  const app = new App({
    receiver,
    logger: boltLogger(log, 'bolt'),
    clientOptions: webClientOptions({ apiUrl, log, retries: 0, dispatcher }),
    // With `token` Bolt would ask auth.test in its constructor and, if that failed once, refuse every delivery for ever.
    authorize: async () => ({
      botToken,
      botId: identity.botId,
      botUserId: identity.botUserId,
      teamId: identity.teamId,
    }),
    // The bot holds no conversations: no store of conversations.
    convoStore: false,
  });
  app.error(async (error) => {
    log.error({ error: slackFailure(error.original ?? error).detail, code: error.code }, 'a listener failed');
  });
  return app;
}

/** The handlers that have not ended yet. */
function trackHandlers(app: App): ReadonlySet<Promise<void>> {
  const underWay = new Set<Promise<void>>();
  app.use(async ({ next }) => {
    const handling = next();
    underWay.add(handling);
    await handling.finally(() => underWay.delete(handling));
  });
  return underWay;
}
