import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { commandWords } from '../../src/slack/input/command-text.ts';
import { startPlayground } from '../playground.ts';
import type { World } from '../world.ts';
import { createGallery } from './gallery.ts';
import { addPagePeople } from './inhabitants.ts';
import { openBrowser } from './open-browser.ts';
import type { PageHello } from './protocol.ts';
import { builtPage } from './server/build-page.ts';
import { readPageFiles } from './server/page-files.ts';
import { type PageServer, servePage } from './server/serve.ts';
import { createWorldPanel } from './server/world-panel.ts';
import { pageTimes, timetableOf } from './timetable.ts';

export interface PageOptions {
  readonly dir: string;
  readonly language: 'en' | 'ko';
  /** A scheduled backup two minutes after the start, taken without approval. */
  readonly schedule: boolean;
  /** 0: a free one. */
  readonly port: number;
  /** Aborted: what it does on the side is given up. */
  readonly signal?: AbortSignal;
}

export interface OpenPage extends AsyncDisposable {
  readonly world: World;
  readonly server: PageServer;
}

/** Starts a world, the bot in it and the page before it. */
export async function openPage({ dir, language, schedule, port, signal }: PageOptions): Promise<OpenPage> {
  await using opening = new AsyncDisposableStack();
  const built = builtPage();
  const timetable = timetableOf(Date.now());
  const playground = startPlayground({
    dir,
    language,
    schedule,
    signal,
    configure(config, world) {
      addPagePeople(config, world);
      pageTimes(config, world, timetable);
    },
  });
  // Both at once: each takes seconds.
  const [folder] = await Promise.all([built, playground]).catch(async (error: unknown) => {
    await playground.then(({ world }) => world.stop()).catch(() => undefined);
    throw error;
  });
  const { world, bot } = await playground;
  opening.use(world);
  const { people, workspace } = world;
  for (const { id, isBot } of workspace.everyone()) if (!isBot) workspace.direct(id);
  const panel = await createWorldPanel(world, bot, timetable.summary);
  opening.defer(() => panel.stop());
  const server = await servePage({
    port,
    world,
    panel,
    hello: await helloOf(world, language),
    firstPerson: people.requester,
    files: await readPageFiles(folder),
    gallery: createGallery(signal),
  });
  opening.use(server);
  const ending = opening.move();
  return { world, server, [Symbol.asyncDispose]: () => ending.disposeAsync() };
}

async function helloOf(world: World, language: 'en' | 'ko'): Promise<Omit<PageHello, 'me'>> {
  const { workspace, channels, plane, client } = world;
  const manifest = parse(await readFile(new URL('../../manifest.yml', import.meta.url), 'utf8'));
  const { messages_tab_read_only_enabled } = manifest.features.app_home;
  const [{ command, description, usage_hint }] = manifest.features.slash_commands;
  return {
    world: workspace.identity.teamId,
    bot: workspace.identity.botUserId,
    language,
    command: { name: command, description, hint: usage_hint, words: commandWords },
    isDirectReadOnly: messages_tab_read_only_enabled === true,
    channel: channels.platform,
    etcd: plane.etcd?.version,
    client: client.kind === 'stand-in' ? client.kind : `${client.kind} ${client.version}`,
  };
}

export interface PlayPageOptions extends PageOptions {
  /** Whether to open a browser by itself. */
  readonly open: boolean;
  readonly print: (text: string) => void;
  /** Ends the page with the sandbox, whatever ends that. */
  readonly hold: (starting: Promise<OpenPage>) => Promise<OpenPage>;
}

/** The sandbox for a person with a browser: serves until it is cut off, with or without a terminal. */
export async function playPage(options: PlayPageOptions): Promise<number> {
  const { print, open, hold } = options;
  print('Starting a Slack workspace, a cluster and the bot …');
  const { server } = await hold(openPage(options));
  print(
    `\n  ${server.address}\n\nOpen it in a browser; ^C ends it. All of it is a simulation on this machine.`,
  );
  if (open) openBrowser(server.address);
  return new Promise<never>(() => undefined);
}
