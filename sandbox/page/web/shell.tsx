import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import type { PageHappening } from '../protocol.ts';
import { personName, usePage } from './context.tsx';
import { Conversation, Thread } from './conversation.tsx';
import { type Shown, Sidebar } from './sidebar.tsx';
import { Underneath } from './underneath.tsx';
import { useReadMarks } from './unread.ts';
import { Home, Modal } from './views.tsx';
import { WorldPanel } from './world-panel.tsx';

interface ShellProps {
  readonly happenings: readonly PageHappening[];
  readonly isConnected: boolean;
  readonly failure: string | undefined;
  readonly onFailureRead: () => void;
}

interface OpenThread {
  readonly channel: string;
  readonly ts: string;
}

/** Conversations on the left, one of them in the middle, a thread or the world on the right. */
export function Shell({ happenings, isConnected, failure, onFailureRead }: ShellProps): ReactNode {
  const { hello, state, act } = usePage();
  const reading = useReadMarks(hello.world, hello.me);
  const [shown, setShown] = useState<Shown>(() => firstShown(state.channels, hello.channel));
  const [thread, setThread] = useState<OpenThread>();
  // On narrow screens one of them at a time covers the conversation.
  const [drawer, setDrawer] = useState<'menu' | 'aside'>();
  const { modal, home } = state.views;
  const show = (next: Shown) => {
    setShown(next);
    setThread(undefined);
    setDrawer(undefined);
    if (next.kind === 'home') void act({ do: 'open-home' });
  };
  const openThread = (ts: string) => {
    if (shown.kind !== 'conversation') return;
    setThread({ channel: shown.id, ts });
    setDrawer('aside');
  };
  const follow = useEffectEvent((place: string) => {
    const message = state.messages[place];
    if (message === undefined) return;
    setShown({ kind: 'conversation', id: message.channel });
    const isReply = message.threadTs !== undefined && !message.broadcast;
    setThread(isReply ? { channel: message.channel, ts: message.threadTs } : undefined);
    // Where the channel was another one, its messages are drawn first.
    setTimeout(() => document.getElementById(place)?.scrollIntoView({ block: 'center' }));
  });
  useEffect(() => onPlace(follow), []);
  return (
    <div className={`shell ${drawer === undefined ? '' : `with-${drawer}`}`}>
      <div className="side">
        <Sidebar shown={shown} reading={reading} onShow={show} />
      </div>
      <main>
        <Header
          shown={shown}
          onMenu={() => setDrawer(drawer === 'menu' ? undefined : 'menu')}
          onPanel={() => {
            setThread(undefined);
            setDrawer('aside');
          }}
        />
        <Warnings isConnected={isConnected} failure={failure} onFailureRead={onFailureRead} />
        {shown.kind === 'home' ? (
          <Home view={home} />
        ) : (
          <Conversation key={shown.id} channel={shown.id} reading={reading} onThread={openThread} />
        )}
      </main>
      <Aside
        thread={thread}
        reading={reading}
        happenings={happenings}
        onClose={() => {
          setThread(undefined);
          setDrawer(undefined);
        }}
      />
      {modal && <Modal key={modal.id} view={modal} />}
    </div>
  );
}

/** Calls with each message whose link is followed. */
function onPlace(listener: (place: string) => void): () => void {
  const heard = () => listener(location.hash.slice(1));
  addEventListener('hashchange', heard);
  return () => removeEventListener('hashchange', heard);
}

/** The cluster's channel, for those who are in it. */
function firstShown(channels: Readonly<Record<string, unknown>>, channel: string): Shown {
  const [first = channel] = Object.keys(channels);
  return { kind: 'conversation', id: Object.hasOwn(channels, channel) ? channel : first };
}

interface HeaderProps {
  readonly shown: Shown;
  readonly onMenu: () => void;
  readonly onPanel: () => void;
}

function Header({ shown, onMenu, onPanel }: HeaderProps): ReactNode {
  const page = usePage();
  const { words, state, hello } = page;
  const bot = personName(page, hello.bot);
  const channel = shown.kind === 'conversation' ? state.channels[shown.id] : undefined;
  const title =
    shown.kind === 'home'
      ? `${bot} · ${words.homeTab}`
      : channel?.kind === 'direct'
        ? bot
        : `# ${channel?.name}`;
  return (
    <header>
      <button type="button" className="button narrow-only" onClick={onMenu} aria-label={words.menu}>
        ☰
      </button>
      <h1>{title}</h1>
      <p className="quiet simulation">{words.simulation}</p>
      <button type="button" className="button panel-button" onClick={onPanel}>
        {words.panel}
      </button>
    </header>
  );
}

type WarningsProps = Omit<ShellProps, 'happenings'>;

function Warnings({ isConnected, failure, onFailureRead }: WarningsProps): ReactNode {
  const { words, state } = usePage();
  const botRuns = state.world.facts?.botRuns !== false;
  return (
    <div role="alert">
      {!isConnected && <p className="warning">{words.notReached}</p>}
      {isConnected && !botRuns && <p className="warning">{words.botEnded}</p>}
      {failure !== undefined && (
        <p className="warning">
          {failure}{' '}
          <button type="button" className="button" onClick={onFailureRead}>
            {words.close}
          </button>
        </p>
      )}
    </div>
  );
}

interface AsideProps {
  readonly thread: OpenThread | undefined;
  readonly reading: ReturnType<typeof useReadMarks>;
  readonly happenings: readonly PageHappening[];
  readonly onClose: () => void;
}

function Aside({ thread, reading, happenings, onClose }: AsideProps): ReactNode {
  const { words } = usePage();
  const title = thread === undefined ? words.panel : words.thread;
  return (
    <aside aria-label={title}>
      <div className="aside-head">
        <h2 className="aside-title">{title}</h2>
        <button
          type="button"
          className={thread === undefined ? 'button narrow-only' : 'button'}
          onClick={onClose}
        >
          {words.close}
        </button>
      </div>
      {thread === undefined ? (
        <WorldPanel />
      ) : (
        <Thread key={thread.ts} channel={thread.channel} ts={thread.ts} reading={reading} />
      )}
      <Underneath happenings={happenings} />
    </aside>
  );
}
