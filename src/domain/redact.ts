const patterns: readonly (readonly [RegExp, string])[] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, '$1[secret]@'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[secret key]'],
  [/\bsha256~[A-Za-z0-9_-]{20,}/g, '[secret]'],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g, '[secret]'],
  // age's secret keys open encrypted backups; the bot must never be given one, but people mix up the two halves.
  [/\bage-secret-key-[a-z0-9-]*/gi, '[secret key]'],
  // Slack: tokens, tickets of Socket Mode connections, and addresses that let their holder answer in a person's place.
  [/\bx(?:ox[a-z]|app|wfp)-[\w.-]{4,}/g, '[secret]'],
  [/(\bticket=)[^&\s"']+/g, '$1[secret]'],
  [/(\bhttps?:\/\/[^\s/"']+\/(?:commands|actions|response)\/)[\w%][\w/%-]*/gi, '$1[secret]'],
  [/(\bauthorization:?\s*"?(?:bearer|basic)\s+)[^\s"']+/gi, '$1[secret]'],
  [/(\b(?:password|passwd|token|secret)["']?\s*[=:]\s*["']?)[^\s"',;&]{3,}/gi, '$1[secret]'],
];

/**
 * Text from outside with everything that looks like a credential taken out, and every one of `secrets` wherever it stands.
 * Secrets of fewer than 4 characters are left to the patterns: replacing them would shred the text.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const known = [...secrets].filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
  const withoutKnown = known.reduce((rest, secret) => rest.split(secret).join('[secret]'), text);
  return patterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), withoutKnown);
}

/** The secret parts of a proxy URL: user, password, both as written and decoded. Not a URL: the whole text. */
export function proxySecrets(url: string): readonly string[] {
  if (url === '') return [];
  const userInfo = /^[a-z][a-z0-9+.-]*:\/\/([^@/]*)@/i.exec(url)?.[1];
  if (userInfo === undefined) return [];
  const password = userInfo.slice(userInfo.indexOf(':') + 1);
  return [...new Set([userInfo, password, decoded(userInfo), decoded(password)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
