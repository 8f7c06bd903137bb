import { type Logger, LogLevel } from '@slack/bolt';
import { redact } from '../../domain/redaction/redact.ts';
import type { Log } from '../../workflow/ports/ports.ts';

/**
 * Leads the Slack libraries' lines into our log. Their debug lines hold whole payloads and headers: never written.
 * `as: 'info'` for libraries whose failures our own code reports already, in words that say what to do.
 */
export function boltLogger(log: Log, name: string, as?: 'info'): Logger {
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) =>
      log[as ?? level]({ library: name }, redact(parts.map(asText).join(' ')).slice(0, 1_000));
  return {
    debug: () => undefined,
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

function asText(part: unknown): string {
  if (typeof part === 'string') return part;
  // Errors of the libraries carry requests and answers: only their message is for the log.
  if (part instanceof Error) return `${part.name}: ${part.message}`;
  return typeof part === 'object' ? '(object)' : String(part);
}
