import type { Config } from '../config/build/config.ts';
import { loadConfigOfProcess } from '../config/build/process.ts';
import { ConfigError } from '../config/file/mistake.ts';

/** A configuration that may lack what comes from Slack; `missing`: keys of it that are not set here. */
export interface LookedConfig {
  readonly config: Config;
  readonly missing: readonly string[];
}

/** Throws `ConfigError` for every other mistake: what else is not set is needed to look. */
export async function configToLookAt(file: string): Promise<LookedConfig> {
  const config = await loadConfigOfProcess(file, { withoutSecrets: true }).catch((error: unknown) => {
    if (lacksSlack(error)) return undefined;
    throw error;
  });
  if (config === undefined) {
    return { config: await loadConfigOfProcess(file, { unread: ['slack'] }), missing: ['slack'] };
  }
  const missing = config.notSet.map(({ key }) => key);
  const isOfSlack = (key: string) => key.startsWith('slack.');
  if (missing.every(isOfSlack)) return { config, missing };
  const unread = missing.some(isOfSlack) ? (['slack'] as const) : [];
  return { config: await loadConfigOfProcess(file, { unread }), missing };
}

function lacksSlack(error: unknown): boolean {
  return (
    error instanceof ConfigError &&
    error.mistakes.some(({ key, found }) => key === 'slack' && found === 'nothing')
  );
}
