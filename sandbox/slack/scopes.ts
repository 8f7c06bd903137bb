import { ApiError } from './api-error.ts';
import { manifestScopes } from './manifest-scopes.ts';
import type { Channel } from './model.ts';

/** The bot scopes of manifest.yml: what the app has unless the workspace is started with others. */
export const DEFAULT_SCOPES: readonly string[] = await manifestScopes();

export function requireScope(granted: readonly string[], needed: string): void {
  if (granted.includes(needed)) return;
  throw new ApiError('missing_scope', { needed, provided: granted.join(',') });
}

/** `channels:read`, `groups:read` or `im:read`, by the kind of conversation. */
export function channelScope(channel: Channel | undefined, right: 'read' | 'history'): string {
  const family = { public: 'channels', private: 'groups', direct: 'im' }[channel?.kind ?? 'public'];
  return `${family}:${right}`;
}
