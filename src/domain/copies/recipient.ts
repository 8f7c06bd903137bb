/** Whether the text holds an age secret key, or the beginning of one. */
export function holdsSecretKey(text: string): boolean {
  return /age-secret-key-/i.test(text);
}

/**
 * Why `recipient` is no age public key (X25519, `age1…`, 62 characters); undefined: it is one. Never repeats what may be a
 * secret key. Post-quantum and plug-in recipients are refused: the `age` of today's distributions could not open the file.
 * `parse`: age's own parser, which throws for what is no key.
 */
export function recipientProblem(recipient: string, parse: (recipient: string) => void): string | undefined {
  if (holdsSecretKey(recipient)) {
    return 'this is a SECRET key (AGE-SECRET-KEY-…), which must never reach the bot: give the public key (age1…) and replace the pair';
  }
  if (/^age1(pq|tag|tagpq)1/.test(recipient) || /^age1[a-z0-9]+1/.test(recipient)) {
    return 'post-quantum and plug-in recipients are not supported: give an X25519 public key as age-keygen prints it (age1… of 62 characters)';
  }
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(recipient)) {
    return 'it does not look like what age-keygen prints as “public key”';
  }
  try {
    parse(recipient);
    return undefined;
  } catch {
    return `${recipient} has a wrong check sum: a character was lost or changed; copy it again`;
  }
}
