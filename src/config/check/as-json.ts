import type { Config } from '../build/config.ts';
import { type ConfigError, type ConfigWarning, type Mistake, mistakeSentence } from '../file/mistake.ts';

/** What `check-config --as-json` prints. Every key is always there; null: not known, or none. */
interface CheckDocument {
  readonly ok: boolean;
  readonly mistakes: readonly Remark[];
  readonly warnings: readonly Remark[];
  /** Secrets that are not set here, with --without-secrets. */
  readonly notSet: readonly { readonly path: string; readonly line: number | null; readonly needs: string }[];
}

interface Remark {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  /** Key in the file, such as `clusters[0].channel`; empty: the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
}

export function documentOf(
  file: string,
  outcome: { readonly error: ConfigError } | { readonly config: Config; readonly policy: readonly string[] },
): CheckDocument {
  if ('error' in outcome) {
    const { mistakes, warnings } = outcome.error;
    return {
      ok: false,
      mistakes: mistakes.map((each) => remark(file, each, mistakeSentence(each), each.hint)),
      warnings: warnings.map((each) => remark(file, each, each.text)),
      notSet: [],
    };
  }
  const { config, policy } = outcome;
  return {
    ok: true,
    mistakes: [],
    warnings: [
      ...config.warnings.map((each) => remark(file, each, each.text)),
      ...policy.map((text) => remark(file, { key: '', line: undefined }, text)),
    ],
    notSet: config.notSet.map(({ key, line, what }) => ({ path: key, line: line ?? null, needs: what })),
  };
}

function remark(
  main: string,
  { key, line, column, file = main }: Pick<Mistake | ConfigWarning, 'key' | 'line' | 'column' | 'file'>,
  message: string,
  hint?: string,
): Remark {
  return { file, line: line ?? null, column: column ?? null, path: key, message, hint: hint ?? null };
}
