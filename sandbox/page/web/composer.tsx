import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { usePage } from './context.tsx';
import { suggestionsFor } from './suggestions.ts';

interface ComposerProps {
  readonly channel: string;
  readonly threadTs?: string;
  readonly label: string;
}

/** The field to write into, with the command and its words offered. */
export function Composer({ channel, threadTs, label }: ComposerProps): ReactNode {
  const { words, hello, act } = usePage();
  const id = useId();
  const [text, setText] = useState('');
  const [arrow, setArrow] = useState<number>();
  const [isHidden, setHidden] = useState(false);
  const { texts, isBegun } = isHidden ? { texts: [], isBegun: false } : suggestionsFor(text, hello.command);
  const active = texts.length === 0 ? undefined : (arrow ?? (isBegun ? 0 : undefined));

  function write(next: string): void {
    setText(next);
    setArrow(undefined);
    setHidden(false);
  }

  async function send(): Promise<void> {
    const sent = text.trim();
    if (sent === '') return;
    write('');
    const { error } = await act({ do: 'say', channel, text: sent, threadTs });
    // What was typed is not lost.
    if (error !== undefined) setText((now) => (now === '' ? sent : now));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && texts.length > 0) {
      event.preventDefault();
      const from = active ?? (step > 0 ? -1 : 0);
      setArrow((from + step + texts.length) % texts.length);
    } else if (event.key === 'Escape') setHidden(true);
    else if ((event.key === 'Enter' && !event.shiftKey) || (event.key === 'Tab' && active !== undefined)) {
      event.preventDefault();
      const chosen = active === undefined ? undefined : texts[active];
      if (chosen === undefined) void send();
      else write(chosen);
    }
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {texts.length > 0 && <SuggestionList id={id} texts={texts} active={active} onChoose={write} />}
      <textarea
        rows={1}
        value={text}
        aria-label={label}
        placeholder={label}
        role="combobox"
        aria-expanded={texts.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active === undefined ? undefined : `${id}-${active}`}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => write(target.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" className="button primary" disabled={text.trim() === ''}>
        {words.send}
      </button>
      <p className="quiet hint" id={`${id}-hint`}>
        {words.commandHint}
      </p>
    </form>
  );
}

interface SuggestionListProps {
  readonly id: string;
  readonly texts: readonly string[];
  readonly active: number | undefined;
  readonly onChoose: (text: string) => void;
}

function SuggestionList({ id, texts, active, onChoose }: SuggestionListProps): ReactNode {
  const { words, hello } = usePage();
  return (
    <div className="suggestions">
      <p className="quiet">
        <strong>{hello.command.name}</strong> {hello.command.hint}
        <br />
        {hello.command.description}
      </p>
      <div role="listbox" id={`${id}-list`} aria-label={words.suggestions}>
        {texts.map((text, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field that it belongs to
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus (aria-activedescendant)
          <div
            key={text}
            role="option"
            id={`${id}-${index}`}
            aria-selected={index === active}
            ref={(option) => {
              if (index === active) option?.scrollIntoView({ block: 'nearest' });
            }}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(text)}
          >
            {text}
          </div>
        ))}
      </div>
    </div>
  );
}
