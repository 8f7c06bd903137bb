import type { ReactNode } from 'react';
import { withEmoji } from '../../slack/mrkdwn.ts';
import { personName, usePage } from './context.tsx';
import { exactDate, formatDate } from './dates.ts';
import { type Piece, parseMrkdwn } from './mrkdwn.ts';

/** Slack's mrkdwn as people see it. */
export function Mrkdwn({ text }: { readonly text: string }): ReactNode {
  return <Pieces pieces={parseMrkdwn(text)} />;
}

/** Plain text: only names of emoji mean something. */
export function Plain({ text }: { readonly text: string }): ReactNode {
  return withEmoji(text);
}

function Pieces({ pieces }: { readonly pieces: readonly Piece[] }): ReactNode {
  return pieces.map((piece, index) => <OnePiece key={index} piece={piece} />);
}

function OnePiece({ piece }: { readonly piece: Piece }): ReactNode {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'code':
      return <code>{piece.text}</code>;
    case 'pre':
      return (
        <pre>
          <Pieces pieces={piece.pieces} />
        </pre>
      );
    case 'quote':
      return (
        <blockquote>
          <Pieces pieces={piece.pieces} />
        </blockquote>
      );
    case 'bold':
      return (
        <strong>
          <Pieces pieces={piece.pieces} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Pieces pieces={piece.pieces} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Pieces pieces={piece.pieces} />
        </s>
      );
    case 'mention':
      return <span className="mention">{piece.text}</span>;
    case 'link':
      return <Link {...piece} />;
    case 'date':
      return <DateToken {...piece} />;
    default:
      return <Named {...piece} />;
  }
}

/** A link to a message of this workspace stays in the page; the others open beside it. */
function Link({ url, label }: { readonly url: string; readonly label: string }): ReactNode {
  const { state } = usePage();
  const [, channel, seconds, micros] = /\/archives\/(\w+)\/p(\d{10})(\d{6})/.exec(url) ?? [];
  const key = `${channel}/${seconds}.${micros}`;
  if (Object.hasOwn(state.messages, key)) return <a href={`#${key}`}>{label}</a>;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {label}
    </a>
  );
}

function Named({
  kind,
  id,
  label,
}: {
  readonly kind: string;
  readonly id: string;
  readonly label: string | undefined;
}) {
  const page = usePage();
  if (kind === 'user')
    return <span className={id === page.hello.me ? 'mention mine' : 'mention'}>@{personName(page, id)}</span>;
  if (kind === 'channel')
    return <span className="mention">#{page.state.channels[id]?.name ?? label ?? id}</span>;
  return <span className="mention">{label ?? id}</span>;
}

interface DateProps {
  readonly seconds: number;
  readonly format: string;
  readonly fallback: string;
}

function DateToken({ seconds, format, fallback }: DateProps) {
  const { language, now } = usePage();
  if (!Number.isSafeInteger(seconds) || seconds > 8_640_000_000_000) return fallback;
  return (
    <time dateTime={new Date(seconds * 1000).toISOString()} title={exactDate(seconds, language)}>
      {formatDate(seconds, format, language, new Date(now()))}
    </time>
  );
}
