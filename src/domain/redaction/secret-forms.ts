import { decoded, textOfUnits, unitsOfText } from './decoded.ts';
import { backslashesBefore } from './text-units.ts';

/** What is shorter would shred the text that it is taken out of. */
const shortestForm = 4;
const shortestLine = 8;
/** Fewer letters of base64 come up by themselves. */
const shortestBase64 = 10;

/**
 * Every text by which one of the secrets may be recognised in a text whose escapes have been taken out layer by layer: as it is
 * written here, without its own escapes, in bytes, in base64, and in the ways in which white space and shells change it.
 */
export function secretForms(secrets: Iterable<string>): readonly string[] {
  const forms = [...secrets].flatMap((secret) => {
    if (secret.length < shortestForm) return [];
    return [secret, secret.trim()].flatMap(changed).flatMap(withoutEscapes).flatMap(withBytes);
  });
  return [...new Set(forms)].filter((form) => form.length >= shortestForm && form.trim() !== '');
}

/** A form's space is a plus, a shell's apostrophe is `'\''`, a line may end in CR LF, become a space or stand alone. */
function changed(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/);
  return [
    secret,
    secret.replaceAll(' ', '+'),
    secret.replaceAll("'", "'\\''"),
    secret.replaceAll("'", "'''"),
    // At its end it may be read as one with what follows.
    secret.slice(0, secret.length - backslashesBefore(secret, secret.length, 0)),
    ...(lines.length > 1 ? [lines.join('\n'), lines.join('\r\n'), lines.join(' ')] : []),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= shortestLine) : []),
  ];
}

function withoutEscapes(text: string): readonly string[] {
  const once = decoded(unitsOfText(text));
  const twice = once && decoded(once.units);
  return [text, ...[once, twice].flatMap((each) => (each ? [textOfUnits(each.units)] : []))];
}

function withBytes(text: string): readonly string[] {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
  return [text, bytes, ...base64Forms(bytes)];
}

/**
 * What base64 makes of the bytes wherever they lie in what is encoded: three bytes are four letters, so there are three ways.
 * Letters at either end that hold bits of a neighbour are left out.
 */
function base64Forms(bytes: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const letters = btoa('\0'.repeat(before) + bytes);
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    const sure = letters.slice(start, end);
    if (sure.length < shortestBase64) return [];
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
