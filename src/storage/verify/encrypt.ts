import { Encrypter } from 'age-encryption';
import { recipientProblem } from '../../domain/copies/recipient.ts';

/** Thrown before a byte is stored: a file that cannot be opened must not be taken for a backup. */
export class RecipientError extends Error {
  override readonly name = 'RecipientError';
}

/**
 * The body encrypted for every one of the recipients, each of whom can open it alone with `age -d`. Streams in 64 KiB pieces.
 * The bot keeps no key: a file key lives only as long as its stream. Throws RecipientError before the first byte is read.
 */
export async function* encrypted(
  body: AsyncIterable<Uint8Array>,
  recipients: readonly string[],
): AsyncGenerator<Uint8Array, void> {
  const encrypter = encrypterFor(recipients);
  const source = ReadableStream.from(body) as ReadableStream<Uint8Array>;
  yield* await encrypter.encrypt(source);
}

function encrypterFor(recipients: readonly string[]): Encrypter {
  if (recipients.length === 0)
    throw new RecipientError('encryption was asked for, but for no recipient: name at least one');
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    const problem = recipientProblem(recipient, (each) => encrypter.addRecipient(each));
    if (problem !== undefined)
      throw new RecipientError(`a recipient of the encryption cannot be used: ${problem}`);
  }
  if (new Set(recipients).size < recipients.length) {
    throw new RecipientError('a recipient is named twice: each person needs a key of their own');
  }
  return encrypter;
}
