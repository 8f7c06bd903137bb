/** Bot scopes that manifest.yml asks for, which says what each is for; test/manifest.test.ts holds the two together. */
export const neededScopes = [
  'commands',
  'chat:write',
  'users:read',
  'files:write',
  'im:write',
  'channels:history',
  'groups:history',
  'im:history',
  'channels:read',
  'groups:read',
] as const;
