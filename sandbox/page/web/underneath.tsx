import type { ReactNode } from 'react';
import type { PageHappening, PageTransfer } from '../protocol.ts';
import { usePage } from './context.tsx';
import { timeOfDay } from './dates.ts';

const marks = { api: '⇄', command: '$', exit: '↳', slack: '⇄' };

/** What happens underneath, as it happens: bytes, requests, commands. */
export function Underneath({ happenings }: { readonly happenings: readonly PageHappening[] }): ReactNode {
  const { words, language } = usePage();
  const newestFirst = happenings.toReversed();
  return (
    <section aria-labelledby="underneath" className="strip">
      <h3 id="underneath" title={words.underneathHint}>
        {words.underneath}
      </h3>
      <Transfers />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard */}
      <ul className="happenings" tabIndex={0}>
        {newestFirst.map(({ at, kind, who, text, outcome }, index) => (
          <li key={`${happenings.length - index} ${at}`}>
            <span className="quiet">
              {timeOfDay(at, language)} {who}
            </span>{' '}
            <code>
              {marks[kind]} {text}
            </code>
            {outcome !== undefined && (
              <span className={isBad(kind, outcome) ? 'chip bad' : 'chip'}>{outcome}</span>
            )}
          </li>
        ))}
        {happenings.length === 0 && <li className="quiet">{words.nothingYet}</li>}
      </ul>
    </section>
  );
}

/** An HTTP status, an exit code, or what Slack says. */
function isBad(kind: PageHappening['kind'], outcome: number | string): boolean {
  if (typeof outcome === 'string') return true;
  return kind === 'exit' ? outcome !== 0 : outcome === 0 || outcome >= 400;
}

function Transfers(): ReactNode {
  const { words, state } = usePage();
  const transfers = state.transfers.list ?? [];
  if (transfers.length === 0) return null;
  return (
    <ul className="transfers" aria-label={words.transfers}>
      {transfers.map((transfer) => (
        <Transfer key={`${transfer.kind} ${transfer.node} ${transfer.name}`} transfer={transfer} />
      ))}
    </ul>
  );
}

function Transfer({ transfer }: { readonly transfer: PageTransfer }): ReactNode {
  const { words, language } = usePage();
  const { kind, node, name, bytes, total, isOver } = transfer;
  const what = (kind === 'snapshot' ? words.snapshotOf : words.copyOf)(name, node);
  const count = (number: number) => number.toLocaleString(language);
  return (
    <li>
      <span>{what}</span>
      <progress
        aria-label={what}
        // Without a value the bar moves to and fro.
        {...(total === undefined && !isOver ? {} : { value: bytes, max: Math.max(total ?? bytes, 1) })}
      />
      <span className="quiet">
        {total === undefined ? words.bytesSoFar(count(bytes)) : words.bytesOf(count(bytes), count(total))}
      </span>
    </li>
  );
}
