import { type ReactNode, useEffect, useState } from 'react';
import { usePage } from './context.tsx';
import { exactDate, shortDate } from './dates.ts';

const hourMs = 3_600_000;

/** The world's clock: by steps, and to what the bot will do by itself. */
export function Clock(): ReactNode {
  const { words, state, act, now, language } = usePage();
  useSecondTick();
  const step = (hours: number) => void act({ do: 'world', what: 'clock', ms: hours * hourMs });
  return (
    <section aria-labelledby="clock">
      <h3 id="clock">{words.clock}</h3>
      <p>{words.clockIs(exactDate(now() / 1000, language))}</p>
      <div className="actions">
        {[1, 4].map((hours) => (
          <button key={hours} type="button" className="button" onClick={() => step(hours)}>
            {words.hours(hours)}
          </button>
        ))}
        <button type="button" className="button" onClick={() => step(24)}>
          {words.day}
        </button>
      </div>
      <ul className="jumps">
        {(state.coming.list ?? []).map(({ kind, at }) => (
          <li key={`${kind} ${at}`}>
            <button
              type="button"
              className="button"
              onClick={() => void act({ do: 'world', what: 'jump', at })}
            >
              ⏭ {words.jumpTo(words.coming[kind], shortDate(at, language))}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Draws again each second. */
function useSecondTick(): void {
  const [, setSecond] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSecond((second) => second + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
}
