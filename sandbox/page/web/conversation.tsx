import { Fragment, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { PageMessage, PageNotice } from '../protocol.ts';
import { Composer } from './composer.tsx';
import { type Page, usePage } from './context.tsx';
import { dayOf } from './dates.ts';
import { Message, type ThreadSummary } from './message.tsx';
import { type ReadMarks, useIsVisible } from './unread.ts';

interface ConversationProps {
  readonly channel: string;
  readonly reading: ReadMarks;
  readonly onThread: (ts: string) => void;
}

/** A channel or a direct conversation: what is in it outside of threads, and the field to write into. */
export function Conversation({ channel, reading, onThread }: ConversationProps): ReactNode {
  const page = usePage();
  const { words, state, hello } = page;
  const lines = useMemo(() => linesOf(page, channel), [page, channel]);
  const { read, marks } = reading;
  const last = lines.at(-1)?.ms ?? 0;
  const isVisible = useIsVisible();
  useEffect(() => {
    if (isVisible) read(channel, last / 1000);
  }, [read, channel, last, isVisible]);
  const here = state.channels[channel];
  const name = here?.kind === 'direct' ? `@${state.people[hello.bot]?.name}` : `#${here?.name}`;
  const closed = whyClosed(page, channel);
  return (
    <>
      <MessageList label={name} count={lines.length}>
        {lines.map((line, index) => (
          <Fragment key={line.key}>
            <DayLine ms={line.ms} before={lines[index - 1]?.ms} />
            {line.notice ? (
              <Notice notice={line.notice} />
            ) : (
              line.message && (
                <Message
                  message={line.message}
                  summary={summaryOf(page, line.message, marks)}
                  onThread={onThread}
                />
              )
            )}
          </Fragment>
        ))}
        {lines.length === 0 && <p className="quiet empty">{words.empty}</p>}
      </MessageList>
      {closed === undefined && here?.limit !== undefined && <p className="limited">{words.limited}</p>}
      {closed !== undefined ? (
        <p className="archived">{closed}</p>
      ) : (
        <Composer key={channel} channel={channel} label={words.messageTo(name)} />
      )}
    </>
  );
}

interface ThreadProps {
  readonly channel: string;
  readonly ts: string;
  readonly reading: ReadMarks;
}

/** A message with its replies. */
export function Thread({ channel, ts, reading }: ThreadProps): ReactNode {
  const page = usePage();
  const { words, state } = page;
  const messages = Object.values(state.messages)
    .filter((each) => each.channel === channel && (each.ts === ts || each.threadTs === ts))
    .toSorted(byTs);
  const { read } = reading;
  const last = Number(messages.at(-1)?.ts ?? 0);
  const isVisible = useIsVisible();
  useEffect(() => {
    if (isVisible) read(`${channel}/${ts}`, last);
  }, [read, channel, ts, last, isVisible]);
  return (
    <>
      <MessageList label={words.thread} count={messages.length}>
        {messages.map((message) => (
          <Message key={message.ts} message={message} />
        ))}
      </MessageList>
      {messages[0]?.isLocked === true ? (
        <p className="archived">{words.lockedThread}</p>
      ) : (
        whyClosed(page, channel) === undefined && (
          <Composer key={ts} channel={channel} threadTs={ts} label={words.replyTo} />
        )
      )}
    </>
  );
}

/** Why no one can write here; undefined: they can. */
function whyClosed({ words, state, hello }: Page, channel: string): string | undefined {
  const here = state.channels[channel];
  if (here?.archived === true) return words.archivedChannel;
  return here?.kind === 'direct' && hello.isDirectReadOnly ? words.directReadOnly : undefined;
}

interface Line {
  readonly key: string;
  readonly ms: number;
  readonly message?: PageMessage;
  readonly notice?: PageNotice;
}

function linesOf({ state }: Page, channel: string): readonly Line[] {
  const messages = Object.values(state.messages)
    .filter((each) => each.channel === channel && (each.threadTs === undefined || each.broadcast))
    .map((message) => ({ key: message.ts, ms: Number(message.ts) * 1000, message }));
  const notices = Object.entries(state.notices)
    .filter(([, notice]) => notice.channel === channel)
    .map(([index, notice]) => ({ key: `notice ${index}`, ms: notice.at, notice }));
  return [...messages, ...notices].toSorted((a, b) => a.ms - b.ms);
}

function summaryOf({ state }: Page, root: PageMessage, marks: ReadMarks['marks']): ThreadSummary | undefined {
  const replies = Object.values(state.messages).filter(
    ({ channel, threadTs }) => channel === root.channel && threadTs === root.ts,
  );
  const last = replies.toSorted(byTs).at(-1);
  if (last === undefined) return undefined;
  const hasNew = Number(last.ts) > (marks[`${root.channel}/${root.ts}`] ?? 0);
  return { count: replies.length, lastMs: Number(last.ts) * 1000, hasNew };
}

function byTs(a: PageMessage, b: PageMessage): number {
  return Number(a.ts) - Number(b.ts);
}

/** Says the day where another one begins. */
function DayLine({ ms, before }: { readonly ms: number; readonly before: number | undefined }): ReactNode {
  const { language, now } = usePage();
  const day = (of: number) => dayOf(of, language, new Date(now()));
  if (before !== undefined && new Date(before).toDateString() === new Date(ms).toDateString()) return null;
  return (
    <p className="day">
      <span>{day(ms)}</span>
    </p>
  );
}

function Notice({ notice }: { readonly notice: PageNotice }): ReactNode {
  const { words } = usePage();
  return (
    <p className="notice">
      <span className="quiet">{words.onlyYou}</span> {notice.text}
    </p>
  );
}

interface MessageListProps {
  readonly label: string;
  readonly count: number;
  readonly children: ReactNode;
}

const nearPx = 120;

/** Stays at its end while it grows, unless the reader scrolled back. */
function MessageList({ label, count, children }: MessageListProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of what is in the list
  useLayoutEffect(() => {
    const list = ref.current;
    if (list !== null && isAtEnd.current) list.scrollTop = list.scrollHeight;
  }, [count, children]);
  return (
    <div
      ref={ref}
      className="messages"
      role="log"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        const { scrollHeight, scrollTop, clientHeight } = currentTarget;
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearPx;
      }}
    >
      {children}
    </div>
  );
}
