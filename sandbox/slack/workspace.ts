import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Acting, createActing } from './acting.ts';
import { type Administration, createAdministration } from './administration.ts';
import type { Core, Identity } from './core.ts';
import { Dispatcher } from './dispatch.ts';
import { createFaults } from './faults.ts';
import { createHttpDelivery } from './http-delivery.ts';
import { type Ids, seededIds } from './ids.ts';
import { type AppFeatures, manifestFeatures } from './manifest-features.ts';
import { createRateLimiter, type RateLimit } from './rate-limit.ts';
import { createReading, type Reading } from './reading.ts';
import { createResponseUrls } from './response-url.ts';
import { DEFAULT_SCOPES } from './scopes.ts';
import type { SocketControls } from './socket-connections.ts';
import { createSocketMode, type SocketMode } from './socket-mode.ts';
import { State } from './state.ts';
import { slackLimits } from './text-limits.ts';
import { createTriggers } from './triggers.ts';
import { createUploads } from './uploads.ts';
import { createViews } from './views.ts';
import { handleRequest, type Tokens } from './web-api.ts';

export interface WorkspaceOptions {
  /** Ids and tokens depend on it alone; random by default. */
  readonly seed?: string;
  /** Milliseconds since 1970, UTC; the real clock by default. Waiting (acknowledgements, waitFor) is in real time. */
  readonly now?: () => number;
  /** The app's bot scopes, as in its manifest. */
  readonly scopes?: readonly string[];
  /** Tabs and events of the app; as in its manifest by default. */
  readonly features?: Partial<AppFeatures>;
  /** Posts to one channel: by default so many that nothing is slowed. Slack's own is about `{burst: 1, perSecond: 1}`. */
  readonly rateLimit?: RateLimit;
  /** What Slack allows before it gives up on an acknowledgement; 3,000 by default. */
  readonly ackTimeoutMs?: number;
  /** How long a trigger_id can be exchanged; 3,000 by default. */
  readonly triggerLifeMs?: number;
  readonly teamName?: string;
  /** Whose clock transcripts show; UTC by default. */
  readonly timeZone?: string;
  /** The workspace is part of this Enterprise Grid organisation (`E…`). */
  readonly enterpriseId?: string;
  readonly botName?: string;
  /**
   * `https://slack.test`: the address that others know it by, where something is in front of it. Its own address by default. The
   * addresses that it hands out (WebSocket, upload, response_url) begin with it.
   */
  readonly publicAddress?: string;
  /** A fixed port on 127.0.0.1; a free one by default. */
  readonly port?: number;
}

export interface Workspace extends Administration, Acting, Reading {
  /** Ends with `/api/`: for `clientOptions.slackApiUrl`. */
  readonly apiUrl: string;
  /** Where it listens on this machine, whatever address others know. */
  readonly localUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly identity: Identity;
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly faults: Core['faults'];
  readonly sockets: SocketControls;
  setRateLimit(limit: RateLimit): void;
  /** From now on every token is refused with invalid_auth, as after the app was removed; `false`: they are good again. */
  revokeTokens(revoked?: boolean): void;
  /** Delivers by signed POST from now on, after Slack's URL check; rejects when the app fails it. */
  useHttp(requestUrl: string): Promise<void>;
  useSocketMode(): void;
  /** Delivers a past envelope again under its own id: the last one by default. */
  redeliver: Dispatcher['redeliver'];
  close(): Promise<void>;
}

/** Starts the simulated Slack workspace on loopback, with the app installed in it. State is in memory only. */
export async function startWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const ids = seededIds(options.seed ?? randomBytes(16).toString('hex'));
  const now = options.now ?? Date.now;
  const ackTimeoutMs = options.ackTimeoutMs ?? 3_000;
  const identity = identityOf(ids, options);
  const tokens = createTokens(ids);
  const signingSecret = ids.token('signing', 32);
  const server = createServer();
  await listen(server, options.port ?? 0);
  const localUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const baseUrl = options.publicAddress ?? localUrl;
  const state = new State();
  const { appId } = identity;
  const onChange = () => state.changed();
  const sockets = createSocketMode({ ids, appId, baseUrl, ackTimeoutMs, onChange });
  const core = createCore(options, {
    state,
    identity,
    ids,
    now,
    timeZone: options.timeZone ?? 'UTC',
    features: { ...(await manifestFeatures()), ...options.features },
    baseUrl,
    socketUrl: () => sockets.url(),
  });
  serve(server, core, tokens, sockets);
  const administration = createAdministration(core);
  administration.addUser({ name: identity.botName, id: identity.botUserId, isBot: true });
  const dispatcher = new Dispatcher(core, sockets);
  return {
    ...administration,
    ...createActing(core, dispatcher),
    ...createReading(core),
    apiUrl: `${baseUrl}/api/`,
    localUrl,
    botToken: tokens.bot,
    appToken: tokens.app,
    signingSecret,
    identity,
    team: { id: identity.teamId, name: identity.teamName, domain: identity.teamDomain },
    faults: core.faults,
    sockets: sockets.controls,
    setRateLimit: (limit) => core.rate.set(limit),
    revokeTokens(revoked = true) {
      tokens.revoked = revoked;
    },
    async useHttp(requestUrl) {
      const http = createHttpDelivery({ requestUrl, signingSecret, now, ackTimeoutMs });
      await http.verifyUrl();
      dispatcher.transport = http;
    },
    useSocketMode() {
      dispatcher.transport = sockets;
    },
    redeliver: (envelopeId) => dispatcher.redeliver(envelopeId),
    async close() {
      await sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function createCore(
  { rateLimit = { burst: 1_000, perSecond: 100 }, triggerLifeMs = 3_000, scopes }: WorkspaceOptions,
  parts: Pick<Core, 'state' | 'identity' | 'ids' | 'now' | 'timeZone' | 'features' | 'baseUrl' | 'socketUrl'>,
): Core {
  const { ids, now, identity } = parts;
  return {
    ...parts,
    faults: createFaults(),
    rate: createRateLimiter(rateLimit, now),
    triggers: createTriggers(ids, now, triggerLifeMs),
    responseUrls: createResponseUrls(ids, now),
    views: createViews(ids, identity),
    uploads: createUploads(ids),
    calls: [],
    limits: slackLimits,
    editWindowMs: undefined,
    uploadsShareAfterMs: 0,
    scopes: [...(scopes ?? DEFAULT_SCOPES)],
  };
}

function createTokens(ids: Ids): Tokens {
  return { bot: `xoxb-${ids.token('bot')}`, app: `xapp-1-${ids.token('app')}`, revoked: false };
}

function identityOf(ids: Ids, options: WorkspaceOptions): Identity {
  const teamName = options.teamName ?? 'Sandbox';
  return {
    teamId: ids.next('T'),
    ...(options.enterpriseId === undefined ? {} : { enterpriseId: options.enterpriseId }),
    teamName,
    teamDomain: teamName.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    appId: ids.next('A'),
    botId: ids.next('B'),
    botUserId: ids.next('U'),
    botName: options.botName ?? 'etcd-backup',
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function serve(server: Server, core: Core, tokens: Tokens, sockets: SocketMode): void {
  server.on('request', (request, response) => {
    handleRequest(core, tokens, request, response).catch((error: unknown) => {
      // A caller that hung up, or a fault of the sandbox itself: it must not look like Slack's answer.
      if (!response.headersSent) response.writeHead(500, { 'x-sandbox-fault': 'true' });
      response.end(String(error));
    });
  });
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
}
