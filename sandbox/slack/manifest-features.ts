import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** What of an app's manifest decides which of its tabs people see and which events it gets. */
export interface AppFeatures {
  readonly homeTab: boolean;
  readonly messagesTab: boolean;
  /** `settings.event_subscriptions.bot_events`. */
  readonly botEvents: readonly string[];
}

interface Manifest {
  readonly features: {
    readonly app_home?: { readonly home_tab_enabled?: boolean; readonly messages_tab_enabled?: boolean };
  };
  readonly settings: { readonly event_subscriptions?: { readonly bot_events?: readonly string[] } };
}

/** As manifest.yml asks for: what an installed app has. */
export async function manifestFeatures(): Promise<AppFeatures> {
  const text = await readFile(new URL('../../manifest.yml', import.meta.url), 'utf8');
  const { features, settings } = parse(text) as Manifest;
  return {
    homeTab: features.app_home?.home_tab_enabled === true,
    messagesTab: features.app_home?.messages_tab_enabled === true,
    botEvents: settings.event_subscriptions?.bot_events ?? [],
  };
}
