import { Markup } from './markup.ts';

// Code is copied, and a date token (`<!date^…>`) is shown in the reader's own zone: neither is touched.
const kept = /`[^`]*`|<![^<>]*>/g;
const zonedTime = /(\d{4}-\d{2}-\d{2} \d{2}:\d{2}) \(([A-Za-z0-9_+/-]{1,40})\)/g;

/**
 * The time zone with the first time of a message alone: after it, all are in the same one. Where a message has times of several
 * zones, each keeps its own.
 */
export function zoneOnce(texts: readonly Markup[]): readonly Markup[] {
  const zones = new Set(texts.flatMap(zonesIn));
  if (zones.size !== 1) return texts;
  let isNamed = false;
  return texts.map(({ source }) => {
    const shown = outsideOf(kept, source, (prose) =>
      prose.replace(zonedTime, (whole, time: string) => {
        const first = !isNamed;
        isNamed = true;
        return first ? whole : time;
      }),
    );
    return new Markup(shown);
  });
}

function zonesIn({ source }: Markup): readonly string[] {
  return [...source.replace(kept, ' ').matchAll(zonedTime)].map(([, , zone = '']) => zone);
}

function outsideOf(pattern: RegExp, text: string, change: (prose: string) => string): string {
  let [done, at] = ['', 0];
  for (const match of text.matchAll(pattern)) {
    done += change(text.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return done + change(text.slice(at));
}
