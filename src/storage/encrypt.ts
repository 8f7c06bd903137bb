import { Encrypter } from 'age-encryption';

const publicKey = /^age1[02-9ac-hj-np-z]{58}$/;

/** Thrown before a byte is stored: a file that nobody can open must not be taken for a backup. */
export class RecipientError extends Error {
  override readonly name = 'RecipientError';
}

/**
 * Why `recipient` is no age public key (X25519, `age1…`, 62 characters); undefined: it is one. Never repeats what may be a
 * secret key. Post-quantum and plug-in recipients are refused: the `age` of today's distributions could not open the file.
 */
export function recipientProblem(recipient: string): string | undefined {
  if (/age-secret-key-/i.test(recipient)) {
    return 'this is a SECRET key (AGE-SECRET-KEY-…), which must never reach the bot: give the public key (age1…) and replace the pair';
  }
  if (/^age1(pq|tag|tagpq)1/.test(recipient) || /^age1[a-z0-9]+1/.test(recipient)) {
    return 'post-quantum and plug-in recipients are not supported: give an X25519 public key as age-keygen prints it (age1… of 62 characters)';
  }
  if (!publicKey.test(recipient)) return 'expected an age public key (age1… of 62 characters, lower case)';
  try {
    new Encrypter().addRecipient(recipient);
    return undefined;
  } catch {
    return `${recipient} has a wrong check sum: a character was lost or changed; copy it again`;
  }
}

/**
 * The body encrypted for every one of the recipients, each of whom can open it alone with `age -d`. Streams in 64 KiB pieces.
 * The bot keeps no key: a file key lives only as long as its stream. Throws RecipientError before the first byte is read.
 */
export async function* encrypted(
  body: AsyncIterable<Uint8Array>,
  recipients: readonly string[],
): AsyncGenerator<Uint8Array, void> {
  const encrypter = new Encrypter();
  for (const recipient of checked(recipients)) encrypter.addRecipient(recipient);
  const source = ReadableStream.from(body) as ReadableStream<Uint8Array>;
  yield* await encrypter.encrypt(source);
}

function checked(recipients: readonly string[]): readonly string[] {
  if (recipients.length === 0)
    throw new RecipientError('encryption was asked for, but for no recipient: name at least one');
  for (const recipient of recipients) {
    const problem = recipientProblem(recipient);
    if (problem !== undefined)
      throw new RecipientError(`a recipient of the encryption cannot be used: ${problem}`);
  }
  if (new Set(recipients).size < recipients.length) {
    throw new RecipientError('a recipient is named twice: each person needs a key of their own');
  }
  return recipients;
}
