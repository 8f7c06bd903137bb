import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** The bot scopes that manifest.yml asks for: what an installed app has. */
export async function manifestScopes(): Promise<readonly string[]> {
  const text = await readFile(new URL('../../manifest.yml', import.meta.url), 'utf8');
  return (parse(text) as { oauth_config: { scopes: { bot: string[] } } }).oauth_config.scopes.bot;
}
