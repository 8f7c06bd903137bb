/** Slack's date tokens, in the reader's own zone and language. */
export function formatDate(seconds: number, format: string, language: string, now: Date): string {
  const date = new Date(seconds * 1000);
  return format.replace(
    /\{(\w+)\}/g,
    (whole, token: string) => tokenText(token, date, language, now) ?? whole,
  );
}

/** All of it, with the zone, for those who want to be sure. */
export function exactDate(seconds: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' }).format(
    new Date(seconds * 1000),
  );
}

/** Day and time, briefly. */
export function shortDate(ms: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(ms));
}

export function timeOfDay(ms: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }).format(new Date(ms));
}

/** The day, for the line between two days. */
export function dayOf(ms: number, language: string, now: Date): string {
  return pretty(new Date(ms), language, now, { weekday: 'long', month: 'long', day: 'numeric' });
}

type Options = Intl.DateTimeFormatOptions;
const short: Options = { year: 'numeric', month: 'short', day: 'numeric' };
const medium: Options = { year: 'numeric', month: 'long', day: 'numeric' };
const long: Options = { ...medium, weekday: 'long' };

function tokenText(token: string, date: Date, language: string, now: Date): string | undefined {
  const write = (options: Options) => new Intl.DateTimeFormat(language, options).format(date);
  switch (token) {
    case 'date_num':
      return date.toLocaleDateString('sv');
    case 'date':
      return write(medium);
    case 'date_short':
      return write(short);
    case 'date_long':
      return write(long);
    case 'date_pretty':
      return pretty(date, language, now, medium);
    case 'date_short_pretty':
      return pretty(date, language, now, short);
    case 'date_long_pretty':
      return pretty(date, language, now, long);
    case 'time':
      return write({ hour: 'numeric', minute: '2-digit' });
    case 'time_secs':
      return write({ hour: 'numeric', minute: '2-digit', second: '2-digit' });
    default:
      return undefined;
  }
}

/** Today, yesterday and tomorrow by their names. */
function pretty(date: Date, language: string, now: Date, options: Options): string {
  const midnight = (of: Date) => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime();
  const days = Math.round((midnight(date) - midnight(now)) / 86_400_000);
  if (Math.abs(days) > 1) return new Intl.DateTimeFormat(language, options).format(date);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day');
}
