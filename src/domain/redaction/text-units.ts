const quote = 0x22;
const apostrophe = 0x27;
const backslash = 0x5c;
/** What follows a quotation mark that closes something, in JSON, YAML, HTML, a shell and prose. */
const afterClosing = ',:;)]}>\\';

/** The same white space as `\s`. */
export function isSpace(unit: number): boolean {
  if (unit <= 0x20) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  if (unit < 0xa0) return false;
  if (unit === 0xa0 || unit === 0x1680 || unit === 0x2028 || unit === 0x2029) return true;
  if (unit >= 0x2000 && unit <= 0x200a) return true;
  return unit === 0x202f || unit === 0x205f || unit === 0x3000 || unit === 0xfeff;
}

export function isQuote(unit: number): boolean {
  return unit === quote || unit === apostrophe;
}

/** A quotation mark inside a password is followed by more of it; one that ends a value by punctuation or nothing. */
export function closesQuote(text: string, at: number): boolean {
  if (!isQuote(text.charCodeAt(at))) return false;
  const next = at + 1;
  return next >= text.length || isSpace(text.charCodeAt(next)) || afterClosing.includes(text.charAt(next));
}

/** How many backslashes there are. */
export function backslashesAt(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === backslash) end += 1;
  return end - at;
}

/** How many backslashes end there, not before `from`. */
export function backslashesBefore(text: string, at: number, from: number): number {
  let start = at;
  while (start > from && text.charCodeAt(start - 1) === backslash) start -= 1;
  return at - start;
}

/** ASCII letters as a table: looking one up costs less than a regular expression for each unit. */
export type Units = Uint8Array;

function unitsOf(letters: string): Units {
  const table = new Uint8Array(128);
  for (const letter of letters) table[letter.charCodeAt(0)] = 1;
  return table;
}

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export const tokenUnits = unitsOf(`${alphanumeric}_-`);
export const dottedUnits = unitsOf(`${alphanumeric}_-.`);
export const pathUnits = unitsOf(`${alphanumeric}_-/%\\`);
export const base64Units = unitsOf(`${alphanumeric}+/=_-`);

/** The first place from `from` on where another unit is. */
export function endOfUnits(text: string, from: number, units: Units): number {
  let end = from;
  while (end < text.length && units[text.charCodeAt(end)] === 1) end += 1;
  return end;
}
