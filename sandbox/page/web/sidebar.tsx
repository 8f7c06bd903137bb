import type { ReactNode } from 'react';
import type { PageChannel } from '../protocol.ts';
import { personName, usePage } from './context.tsx';
import { type ReadMarks, unreadIn } from './unread.ts';

/** What the middle of the page shows: a conversation by its id, or the app's Home tab. */
export type Shown = { readonly kind: 'conversation'; readonly id: string } | { readonly kind: 'home' };

interface SidebarProps {
  readonly shown: Shown;
  readonly reading: ReadMarks;
  readonly onShow: (shown: Shown) => void;
}

export function Sidebar({ shown, reading, onShow }: SidebarProps): ReactNode {
  const page = usePage();
  const { words, state, hello } = page;
  const channels = Object.entries(state.channels);
  const row = ([id, channel]: readonly [string, PageChannel]) => (
    <ConversationRow
      key={id}
      name={channel.kind === 'direct' ? personName(page, hello.bot) : channel.name}
      mark={channel.kind === 'direct' ? '@' : channel.kind === 'private' ? '🔒' : '#'}
      unread={unreadIn(state, hello.me, reading.marks, id)}
      isShown={shown.kind === 'conversation' && shown.id === id}
      isArchived={channel.archived}
      onShow={() => onShow({ kind: 'conversation', id })}
    />
  );
  return (
    <nav aria-label={words.menu}>
      <PersonSwitch />
      <h2>{words.channels}</h2>
      <ul>{channels.filter(([, { kind }]) => kind !== 'direct').map(row)}</ul>
      <h2>{words.directMessages}</h2>
      <ul>{channels.filter(([, { kind }]) => kind === 'direct').map(row)}</ul>
      <h2>{words.app}</h2>
      <ul>
        <ConversationRow
          name={`${personName(page, hello.bot)} · ${words.homeTab}`}
          mark="⌂"
          unread={0}
          isShown={shown.kind === 'home'}
          isArchived={false}
          onShow={() => onShow({ kind: 'home' })}
        />
      </ul>
      <p className="gallery-link">
        <a href="/gallery">{words.gallery}</a>
      </p>
    </nav>
  );
}

interface RowProps {
  readonly name: string;
  readonly mark: string;
  readonly unread: number;
  readonly isShown: boolean;
  readonly isArchived: boolean;
  readonly onShow: () => void;
}

function ConversationRow({ name, mark, unread, isShown, isArchived, onShow }: RowProps): ReactNode {
  const { words } = usePage();
  return (
    <li>
      <button
        type="button"
        className={`row${unread > 0 && !isShown ? ' unread' : ''}${isArchived ? ' is-archived' : ''}`}
        aria-current={isShown ? 'page' : undefined}
        onClick={onShow}
      >
        <span aria-hidden="true" className="row-mark">
          {mark}
        </span>
        <span className="row-name">{name}</span>
        {unread > 0 && !isShown && (
          <span className="count">
            <span aria-hidden="true">{unread}</span>
            <span className="for-screen-readers">{words.unread(unread)}</span>
          </span>
        )}
      </button>
    </li>
  );
}

/** Who acts in this window. Another window can be another person. */
function PersonSwitch(): ReactNode {
  const page = usePage();
  const { words, state, hello } = page;
  const people = Object.values(state.people).filter(({ isBot }) => !isBot);
  const me = personName(page, hello.me);
  const other = me === 'approver' ? 'requester' : 'approver';
  return (
    <div className="person-switch">
      <label>
        {words.actAs}
        <select
          value={me}
          onChange={({ target }) => location.assign(`/?as=${encodeURIComponent(target.value)}`)}
        >
          {people.map(({ name, isGuest }) => (
            <option key={name} value={name}>
              {isGuest ? `@${name} (${words.guest})` : `@${name}`}
            </option>
          ))}
        </select>
      </label>
      <a href={`/?as=${other}`} target="_blank" rel="noreferrer">
        {words.secondWindow} ↗
      </a>
    </div>
  );
}
