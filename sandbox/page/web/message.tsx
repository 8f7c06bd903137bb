import { memo, type ReactNode, useMemo } from 'react';
import type { PageFile, PageMessage } from '../protocol.ts';
import { Blocks } from './blocks.tsx';
import { type BlockPlace, PlaceProvider, personName, usePage } from './context.tsx';
import { exactDate, timeOfDay } from './dates.ts';
import { Mrkdwn } from './rich.tsx';

/** The thread under a message, as its line in the channel says it. */
export interface ThreadSummary {
  readonly count: number;
  readonly lastMs: number;
  readonly hasNew: boolean;
}

interface MessageProps {
  readonly message: PageMessage;
  readonly summary?: ThreadSummary | undefined;
  /** undefined: the message is in a thread already. */
  readonly onThread?: ((ts: string) => void) | undefined;
}

export const Message = memo(function Message({ message, summary, onThread }: MessageProps): ReactNode {
  const page = usePage();
  const { words, language } = page;
  const { user, ts, isPrivate } = message;
  const author = page.state.people[user];
  const ms = Number(ts) * 1000;
  const isReplyInChannel = onThread !== undefined && message.threadTs !== undefined;
  return (
    <article
      // The copy in a thread has none: an id is there once.
      id={onThread && `${message.channel}/${ts}`}
      className={isPrivate ? 'message private' : 'message'}
      aria-label={`${personName(page, user)} ${timeOfDay(ms, language)}`}
    >
      <Avatar name={personName(page, user)} isBot={author?.isBot === true} />
      <div className="message-body">
        {isPrivate && <p className="only-you">👁 {words.onlyYou}</p>}
        <p className="message-head">
          <strong>{personName(page, user)}</strong>
          {author?.isBot === true && <span className="badge">{words.app}</span>}
          <time dateTime={new Date(ms).toISOString()} title={exactDate(ms / 1000, language)}>
            {timeOfDay(ms, language)}
          </time>
          {isReplyInChannel && <span className="quiet"> {words.fromThread}</span>}
        </p>
        <Content message={message} />
        {onThread && !isPrivate && (
          <ThreadLine ts={message.threadTs ?? ts} summary={summary} onThread={onThread} />
        )}
      </div>
    </article>
  );
});

/** Two letters on a colour of their own. */
function Avatar({ name, isBot }: { readonly name: string; readonly isBot: boolean }): ReactNode {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return (
    <span className={`avatar ${isBot ? 'app' : `colour-${sum % 6}`}`} aria-hidden="true">
      {name.slice(0, 2)}
    </span>
  );
}

function Content({ message }: { readonly message: PageMessage }): ReactNode {
  const { act, words } = usePage();
  const { channel, ts } = message;
  const place = useMemo<BlockPlace>(
    () => ({
      click: async (element) => void (await act({ do: 'click', channel, ts, ...element })),
      decline: async (element) => void (await act({ do: 'decline', channel, ts, ...element })),
    }),
    [act, channel, ts],
  );
  return (
    <PlaceProvider value={place}>
      {message.blocks.length > 0 ? (
        <Blocks blocks={message.blocks} />
      ) : (
        message.text !== '' && (
          <div className="text">
            <Mrkdwn text={message.text} />
          </div>
        )
      )}
      {message.markedEdited && <span className="quiet">{words.edited}</span>}
      {message.files.map((file) => (
        <SharedFile key={file.id} file={file} />
      ))}
    </PlaceProvider>
  );
}

function SharedFile({ file }: { readonly file: PageFile }): ReactNode {
  const { hello, words, language } = usePage();
  const address = `/files/${file.id}?as=${hello.me}`;
  return (
    <figure className="file">
      {file.isPicture && <img src={address} alt={file.title} />}
      <figcaption>
        📎 {file.title} · {words.bytes(file.bytes.toLocaleString(language))} ·{' '}
        <a href={address} target="_blank" rel="noreferrer">
          {words.open}
        </a>{' '}
        ·{' '}
        <a href={`${address}&save`} download={file.name}>
          {words.save}
        </a>
      </figcaption>
    </figure>
  );
}

interface ThreadLineProps {
  readonly ts: string;
  readonly summary: ThreadSummary | undefined;
  readonly onThread: (ts: string) => void;
}

function ThreadLine({ ts, summary, onThread }: ThreadLineProps): ReactNode {
  const { words, language } = usePage();
  return (
    <button
      type="button"
      className={summary === undefined ? 'thread-line no-replies' : 'thread-line'}
      onClick={() => onThread(ts)}
    >
      {summary === undefined ? (
        words.replyInThread
      ) : (
        <>
          <strong>{words.replies(summary.count)}</strong>
          <span className="quiet"> {words.lastReply(timeOfDay(summary.lastMs, language))}</span>
          {summary.hasNew && <span className="new-mark">{words.newReplies}</span>}
        </>
      )}
    </button>
  );
}
