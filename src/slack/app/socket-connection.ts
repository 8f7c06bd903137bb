import type { SocketModeReceiver } from '@slack/bolt';
import { withDeadline } from '../../workflow/ports/deadline.ts';
import type { Clock, Log } from '../../workflow/ports/ports.ts';
import { pauseAfter, pauseToConnect } from '../client/backoff.ts';
import { type SlackFailure, slackFailure } from '../client/slack-failure.ts';

export type SocketModeClient = SocketModeReceiver['client'];

export interface SocketConnection {
  /** Resolves when Slack's first hello has come; keeps trying while Slack cannot be reached. Rejects when Slack refuses the token. */
  start(): Promise<void>;
  /** Between Slack's hello and the end of the connection. */
  connected(): boolean;
  stop(): Promise<void>;
}

const helloDeadlineMs = 30_000;
const closeDeadlineMs = 2_000;
/** A connection that ended sooner was no connection: Slack greets, and sends the client away at once. */
const settledMs = 10_000;
/** A refusal of the token ends the bot only when Slack repeats it: one answer may be Slack's own fault. */
const refusalsToBelieve = 2;

/** Codes of apps.connections.open that no retry will fix. */
const hopeless = new Set([
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'access_denied',
  'forbidden_team',
]);

/**
 * Keeps one Socket Mode connection up. The client's own reconnecting is off: it leaves a gap of 5 s at each refresh,
 * stops for ever at a network error, and lets invalid_auth go as an unhandled rejection.
 */
export function keepConnected(input: {
  client: SocketModeClient;
  clock: Clock;
  log: Log;
  /** Called once, when no reconnecting will help any more after the start had succeeded. */
  onFatal: (error: Error) => void;
  /** Called whenever a connection has ended, or was not made. */
  onLost?: () => void;
}): SocketConnection {
  const { client, clock, log } = input;
  const stopping = new AbortController();
  let lost = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;
  let up = false;
  client.on('disconnected', () => {
    up = false;
    input.onLost?.();
    lost.resolve();
  });

  async function run(connected: () => void): Promise<void> {
    let brief = 0;
    let refusals = 0;
    for (let failures = 0; !stopping.signal.aborted; ) {
      lost = Promise.withResolvers();
      try {
        await connectOnce(client, clock);
        if (stopping.signal.aborted) return void client.disconnect();
        log.info({ failures }, 'connected to Slack (Socket Mode)');
        failures = 0;
        refusals = 0;
        up = true;
        const since = clock.monotonic();
        connected();
        await lost.promise;
        up = false;
        if (stopping.signal.aborted) return;
        brief = clock.monotonic() - since < settledMs ? brief + 1 : 0;
        // A refresh may come at any time: the first is followed at once.
        const pauseMs = brief < 2 ? 0 : pauseToConnect(brief);
        if (pauseMs === 0) log.info({}, 'Slack ended the connection; connecting again');
        else log.warn({ brief, pauseMs }, 'Slack ends each connection at once; connecting again later');
        if (pauseMs > 0) await clock.sleep(pauseMs, stopping.signal);
      } catch (error) {
        if (stopping.signal.aborted) return;
        const trouble = slackFailure(error);
        refusals = isHopeless(trouble) ? refusals + 1 : 0;
        if (isHopeless(trouble) && refusals >= refusalsToBelieve) throw refusedError(trouble, error);
        failures += 1;
        const pauseMs = pauseAfter(trouble, failures);
        log.warn({ failures, pauseMs, trouble: trouble.detail }, 'cannot connect to Slack; trying again');
        await clock.sleep(pauseMs, stopping.signal);
      }
    }
  }

  return {
    start() {
      const first = Promise.withResolvers<void>();
      let started = false;
      running = run(() => {
        started = true;
        first.resolve();
      }).then(
        () => first.resolve(),
        (error: Error) => {
          log.error({}, error.message);
          if (started) input.onFatal(error);
          else first.reject(error);
        },
      );
      return first.promise;
    },
    connected: () => up,
    async stop() {
      stopping.abort();
      // A peer that never answers the close frame would hold us for 30 s.
      await withDeadline(clock, closeDeadlineMs, client.disconnect());
      lost.resolve();
      if (running) await withDeadline(clock, closeDeadlineMs, running);
    },
  };
}

async function connectOnce(client: SocketModeClient, clock: Clock): Promise<void> {
  const connecting = client.start().catch((error: unknown) => {
    throw error ?? new Error('the connection was closed before Slack said hello');
  });
  try {
    const hello = await withDeadline(clock, helloDeadlineMs, connecting);
    if (!hello.inTime) throw new Error(`no hello from Slack within ${helloDeadlineMs / 1000} s`);
  } catch (error) {
    void client.disconnect();
    throw error;
  }
}

function isHopeless(trouble: SlackFailure): trouble is Extract<SlackFailure, { code: string }> {
  return trouble.kind === 'unauthorized' || (trouble.kind === 'refused' && hopeless.has(trouble.code));
}

function refusedError(trouble: { readonly detail: string }, cause: unknown): Error {
  return new Error(
    `Slack refuses the app-level token (${trouble.detail}): expected a valid token with the scope connections:write; ` +
      'create one under “Basic Information → App-Level Tokens”, put it into the configuration and restart',
    { cause },
  );
}
