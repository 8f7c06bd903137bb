import { App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Clock, Log, SlackSelf } from '../workflow/ports.ts';
import { boltLogger } from './bolt-logger.ts';
import { withDeadline } from './deadline.ts';
import { HttpReceiver } from './http-receiver.ts';
import { createRefusals } from './http-refusals.ts';
import { askIdentity, type BotIdentity } from './identity.ts';
import { listenToBoardButtons } from './listeners/board-windows.ts';
import { listenToCancel, listenToUnknownButtons, listenToVote } from './listeners/buttons.ts';
import { listenToCommand } from './listeners/command.ts';
import { listenToDismissal } from './listeners/dismiss-reminder.ts';
import { listenToBoardControls, listenToHome } from './listeners/home.ts';
import type { ListenerDeps } from './listeners/listener.ts';
import { listenToAsk, listenToClusterChoice } from './listeners/open-form.ts';
import { listenToFormSubmission } from './listeners/submit-form.ts';
import { listenToWatchButtons } from './listeners/watch-buttons.ts';
import { createPeople, type People } from './people.ts';
import { createSlackSelf } from './self.ts';
import { troubleOf } from './slack-trouble.ts';
import { keepConnected } from './socket-connection.ts';
import { createWebClient, webClientOptions } from './web-client.ts';

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
  readonly clock: Clock;
  readonly log: Log;
  /** Called once, after start(), when Slack will not have us any more: say so (it is logged already) and exit non-zero. */
  readonly onFatal: (error: Error) => void;
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
  /** Lets answers under way finish (5 s at most; what takes minutes is told to ask again), then closes the connection. */
  stop(): Promise<void>;
}

const finishDeadlineMs = 5_000;

/** Learns from Slack who we are; throws, saying what to do, when the bot token is not good. Connects nothing yet. */
export async function openSlack(options: SlackOptions): Promise<Slack> {
  const { clock, log, apiUrl, botToken } = options;
  const posts = createWebClient({ token: botToken, apiUrl, log, retries: 0 });
  const reads = createWebClient({ token: botToken, apiUrl, log, retries: 1 });
  const identity = await askIdentity(reads, options.teamId);
  const people = createPeople({ client: reads, teamId: identity.teamId, clock });
  const delivery = openDelivery(options);
  const app = boltApp(options, delivery.receiver, identity);
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
  };
}

interface SlackDelivery {
  readonly receiver: Receiver;
  start(): Promise<void>;
  connected(): boolean;
  /** `finish` waits for the answers under way. */
  stop(finish: () => Promise<void>): Promise<void>;
}

function openDelivery(options: SlackOptions): SlackDelivery {
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
  const receiver = socketReceiver(delivery.appToken, options);
  const connection = keepConnected({ client: receiver.client, clock, log, onFatal });
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

function socketReceiver(appToken: string, { apiUrl, log }: SlackOptions): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken,
    logger: boltLogger(log, 'socket-mode', 'info'),
    autoReconnectEnabled: false,
    // apps.connections.open must go where everything else goes.
    installerOptions: { clientOptions: webClientOptions({ apiUrl, log, retries: 0 }) },
    processEventErrorHandler: async ({ error }) => {
      log.error({ error: troubleOf(error).detail }, 'a delivery of Slack could not be read');
      return false;
    },
  });
}

function boltApp({ botToken, apiUrl, log }: SlackOptions, receiver: Receiver, identity: BotIdentity): App {
  const app = new App({
    receiver,
    logger: boltLogger(log, 'bolt'),
    clientOptions: webClientOptions({ apiUrl, log, retries: 0 }),
    // With `token` Bolt would ask auth.test in its constructor and, if that failed once, refuse every delivery for ever.
    authorize: async () => ({
      botToken,
      botId: identity.botId,
      botUserId: identity.botUserId,
      teamId: identity.teamId,
    }),
    // Nobody converses with the bot: no store of conversations.
    convoStore: false,
  });
  app.error(async (error) => {
    log.error({ error: troubleOf(error.original ?? error).detail, code: error.code }, 'a listener failed');
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
