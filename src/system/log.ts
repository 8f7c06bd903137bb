import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import { redact } from '../domain/redact.ts';

/**
 * JSON lines to `out`. Every line passes the redaction as a whole, so that no field, message or stack of any library can
 * carry a credential; `secrets` are the values that we know ourselves.
 */
export function openLog(options: {
  readonly level: string;
  readonly secrets: readonly string[];
  readonly out: NodeJS.WritableStream;
}): Logger {
  const clean = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      options.out.write(redact(line, options.secrets));
      done();
    },
  });
  return pino(
    { level: options.level, base: { name: 'etcd-backup' }, timestamp: pino.stdTimeFunctions.isoTime },
    clean,
  );
}
