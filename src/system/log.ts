import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import { isSecretName, redactor } from '../domain/redaction/redact.ts';

/**
 * JSON lines to `out`. Every text of every line passes the redaction, so that no field, message or stack of any library can
 * carry a credential; `secrets` are the values that we know ourselves. They are redacted as they are meant, before JSON
 * escapes them, and a line stays a line of JSON whatever is taken out of it.
 */
export function openLog(options: {
  readonly level: string;
  readonly secrets: readonly string[];
  readonly out: NodeJS.WritableStream;
}): Logger {
  const clean = redactor(options.secrets);
  const stream = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      options.out.write(`${cleanLine(line, clean)}\n`);
      done();
    },
  });
  return pino(
    { level: options.level, base: { name: 'etcd-backup' }, timestamp: pino.stdTimeFunctions.isoTime },
    stream,
  );
}

function cleanLine(line: string, clean: (text: string) => string): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return clean(line.trimEnd());
  }
  return JSON.stringify(cleanValue(value, clean));
}

function cleanValue(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((each) => cleanValue(each, clean));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, each]): [string, unknown] => {
    const isSecret = typeof each === 'string' && each !== '' && isSecretName(name);
    return [clean(name), isSecret ? '[secret]' : cleanValue(each, clean)];
  });
  return Object.fromEntries(entries);
}
