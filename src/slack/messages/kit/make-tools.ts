import { type RunStep, runSteps } from '../../../domain/run/run.ts';
import type { UnitWords } from './en/terms.ts';
import { terms as enTerms, units as enUnits } from './en/terms.ts';
import { terms as koTerms, units as koUnits } from './ko/terms.ts';
import { limits } from './limits.ts';
import { code, join, Markup, md, outside } from './markup.ts';
import { planChangesIn, planValueIn } from './plan-value.ts';
import type { Context, Tools } from './tools.ts';

const listed = 12;
const words = { en: { units: enUnits, terms: enTerms }, ko: { units: koUnits, terms: koTerms } };

export function toolsFor(context: Context): Tools {
  const { units, terms } = words[context.language];
  const locale = units.locale;
  const number = (value: number) =>
    Number.isFinite(value) ? new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value) : '?';
  const duration = (ms: number) => durationText(ms, units, number);
  const list = (parts: readonly Markup[]) => {
    const shown = join(parts.slice(0, listed), ', ');
    return parts.length > listed ? md`${shown} ${units.more(parts.length - listed)}` : shown;
  };
  const time = (at: number) => dateParts(at, context.timeZone, units.unknownTime);
  const zone = validZone(context.timeZone);

  const tools: Tools = {
    language: context.language,
    units,
    terms,
    now: context.now,
    code: (text) => code(text),
    path: (text) => code(text, limits.path),
    quote: (text) => md`“${text}”`,
    command: (rest) => code(`${context.command} ${rest}`),
    person: mention,
    people: (users) => list(users.map(mention)),
    channel: (id) => (/^[CGD][A-Z0-9]{1,30}$/.test(id) ? new Markup(`<#${id}>`) : code(id)),
    group: (id) => (/^S[A-Z0-9]{1,30}$/.test(id) ? new Markup(`<!subteam^${id}>`) : code(id)),
    // Not from outside: it has colons.
    clock: (at) => new Markup(time(at).clock),
    time: (at) => md`${time(at).date} ${time(at).minutes} (${zone})`,
    typed: (at) => `${time(at).date} ${time(at).minutes}`,
    moment: (at) => momentMarkup(at, `${time(at).date} ${time(at).minutes} (${zone})`),
    ago: (at) => outside(roughly(context.now - at, units)),
    size: (bytes) => md`${humanSize(bytes, number)} (${units.bytes(number(bytes))})`,
    shortSize: (bytes) => outside(humanSize(bytes, number)),
    number,
    duration,
    names: (values) => list(values.map((value) => code(value))),
    paths: (values) => pathLines(values, units),
    list,
    sentences: (parts) => join(parts.slice(0, 4), ' '),
    rest: (command) => md`${units.notAll} ${units.allOfIt(tools.command(command))}`,
    restInFile: (runId) => md`${units.notAll} ${units.allInFile(tools.command(`audit ${runId}`))}`,
    unfit: (why) => terms.unfit[why],
    step: (step) => (isStep(step) ? terms.step[step] : outside(step)),
    planField: (field) => terms.planField[field],
    planValue: (field, text) => planValueIn(tools, field, text),
    planChanges: (changes) => planChangesIn(tools, changes),
    why: (reason) => {
      const said = terms.unreadable[reason.reason];
      return reason.detail.trim() === '' ? said : md`${said} (${reason.detail})`;
    },
    remedy: ({ reason }, right) => (reason === 'forbidden' ? right : terms.remedy[reason]),
  };
  return tools;
}

function pathLines(values: readonly string[], units: UnitWords): Markup {
  // Four of the longest fill a section almost; a run leaves three at most.
  const shown = values.slice(0, 4).map((value) => md`• ${code(value, limits.path / 2)}`);
  const rest = values.length > 4 ? [md`• ${units.more(values.length - 4)}`] : [];
  return join([...shown, ...rest], '\n');
}

function isStep(step: string): step is RunStep {
  return (runSteps as readonly string[]).includes(step);
}

function mention(slackUser: string): Markup {
  return /^[UW][A-Z0-9]{1,30}$/.test(slackUser) ? new Markup(`<@${slackUser}>`) : code(slackUser);
}

function momentMarkup(at: number, fallback: string): Markup {
  const seconds = Math.floor(at / 1000);
  if (!validTime(at) || seconds <= 0) return outside(fallback);
  return new Markup(`<!date^${seconds}^{date_short_pretty} {time}|${outside(fallback).source}>`);
}

/** Rounded up in steps of 1024, as `ls -lh` does: the number that a person on the node sees. */
function humanSize(bytes: number, number: (value: number) => string): string {
  const names = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let step = 0;
  while (value >= 1024 && step < names.length - 1) {
    value /= 1024;
    step += 1;
  }
  const rounded = step > 0 && value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
  return `${number(rounded)} ${names[step]}`;
}

function durationText(ms: number, units: UnitWords, number: (value: number) => string): string {
  const { seconds, minutes, hours } = units;
  if (!Number.isFinite(ms) || ms < 0) return seconds('?');
  if (ms < 10_000) return seconds(number(Math.round(ms / 100) / 10));
  const total = Math.round(ms / 1000);
  if (total < 60) return seconds(number(total));
  const whole = Math.floor(total / 60);
  if (whole < 60) {
    return total % 60 === 0
      ? minutes(number(whole))
      : `${minutes(number(whole))} ${seconds(number(total % 60))}`;
  }
  const rest = whole % 60;
  const full = hours(number(Math.floor(whole / 60)));
  return rest === 0 ? full : `${full} ${minutes(number(rest))}`;
}

function roughly(ms: number, units: UnitWords): string {
  const { ago, seconds, minutes, hours, days } = units;
  if (!Number.isFinite(ms) || ms < 0) return ago(seconds('0'));
  const count = (unit: number) => String(Math.floor(ms / unit));
  if (ms < 60_000) return ago(seconds(count(1_000)));
  if (ms < 3_600_000) return ago(minutes(count(60_000)));
  if (ms < 48 * 3_600_000) return ago(hours(count(3_600_000)));
  return ago(days(count(24 * 3_600_000)));
}

function validTime(at: number): boolean {
  return Number.isFinite(at) && Math.abs(at) < 8.64e15;
}

function validZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone === '' ? 'UTC' : timeZone;
  } catch {
    return 'UTC';
  }
}

/** Digits in one order for both languages: they are compared with logs and file names. */
function dateParts(at: number, timeZone: string, unknown: string) {
  if (!validTime(at)) return { date: unknown, minutes: '', clock: unknown };
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: validZone(timeZone),
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const part = Object.fromEntries(format.formatToParts(at).map((each) => [each.type, each.value]));
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    minutes: `${part.hour}:${part.minute}`,
    clock: `${part.hour}:${part.minute}:${part.second}`,
  };
}
