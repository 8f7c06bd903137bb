/** Whether the text holds an age secret key, or the beginning of one. */
export function holdsSecretKey(text: string): boolean {
  return /age-secret-key-/i.test(text);
}

/**
 * Why `recipient` is no age public key (X25519, `age1…`, 62 characters); undefined: it is one. Never repeats what may be a
 * secret key. Post-quantum and plug-in recipients are refused: the `age` of today's distributions could not open the file.
 */
export function recipientProblem(recipient: string): string | undefined {
  if (holdsSecretKey(recipient)) {
    return 'this is a SECRET key (AGE-SECRET-KEY-…), which must never reach the bot: give the public key (age1…) and replace the pair';
  }
  if (/^age1(pq|tag|tagpq)1/.test(recipient) || /^age1[a-z0-9]+1/.test(recipient)) {
    return 'post-quantum and plug-in recipients are not supported: give an X25519 public key as age-keygen prints it (age1… of 62 characters)';
  }
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(recipient)) {
    return 'expected an age public key (age1… of 62 characters, lower case)';
  }
  return hasRightCheckSum(recipient)
    ? undefined
    : `${recipient} has a wrong check sum: a character was lost or changed; copy it again`;
}

const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const humanPart = 'age';
/** 32 bytes are 256 bits in 52 letters of 5 bits: the last four bits are nobody's. */
const keyLetters = 52;

/** Bech32 (BIP 173), as age writes its keys. */
function hasRightCheckSum(recipient: string): boolean {
  const codes = [...humanPart].map((letter) => letter.charCodeAt(0));
  const values = [...recipient.slice(humanPart.length + 1)].map((letter) => letters.indexOf(letter));
  const all = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...values];
  return polymod(all) === 1 && ((values[keyLetters - 1] ?? 0) & 0b1111) === 0;
}

function polymod(values: readonly number[]): number {
  return values.reduce((sum, value) => {
    const top = sum >>> 25;
    const next = ((sum & 0x1ffffff) << 5) ^ value;
    return generator.reduce((mixed, term, bit) => ((top >> bit) & 1 ? mixed ^ term : mixed), next);
  }, 1);
}
