/** A text as UTF-16 units with its escapes taken out, and where each of them was; one more place for the end. */
export interface Decoded {
  readonly units: Uint16Array;
  readonly places: Int32Array;
}

const backslash = 0x5c;
const percent = 0x25;
const ampersand = 0x26;
const controls: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, b: 0x08, f: 0x0c };
const entities = new Map([
  ['quot', 0x22],
  ['apos', 0x27],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['amp', 0x26],
]);
const semicolon = 0x3b;
const longestName = 8;
const numericEntity = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i;
/** An escape is one number, since there may be millions: how many units it takes, times this, plus the code point meant. */
const shift = 0x200000;
const lastCodePoint = 0x10ffff;
const none = 0;

export function unitsOfText(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1) units[at] = text.charCodeAt(at);
  return units;
}

export function textOfUnits(units: Uint16Array): string {
  return Array.from(units, (unit) => String.fromCharCode(unit)).join('');
}

/**
 * Takes one layer of escapes out, whichever they are: JSON's and a shell's backslashes, percent signs of URLs, entities of
 * HTML and XML. Bytes of UTF-8 (`%C3%A9`) become one unit each. Undefined: there is nothing to take out.
 */
export function decoded(source: Uint16Array): Decoded | undefined {
  const units = new Uint16Array(source.length);
  const places = new Int32Array(source.length + 1);
  let length = 0;
  for (let at = 0; at < source.length; ) {
    const unit = source[at] ?? 0;
    const found =
      unit === backslash || unit === percent || unit === ampersand ? escapeAt(source, at, unit) : none;
    const meant = found % shift;
    places[length] = at;
    units[length] = found === none ? unit : meant > 0xffff ? highSurrogate(meant) : meant;
    length += 1;
    if (meant > 0xffff) {
      places[length] = at;
      units[length] = 0xdc00 + (meant % 0x400);
      length += 1;
    }
    at += found === none ? 1 : Math.floor(found / shift);
  }
  places[length] = source.length;
  if (length === source.length) return undefined;
  return { units: units.subarray(0, length), places: places.subarray(0, length + 1) };
}

function highSurrogate(codePoint: number): number {
  return 0xd800 + Math.floor((codePoint - 0x10000) / 0x400);
}

function escapeAt(source: Uint16Array, at: number, unit: number): number {
  if (unit === backslash) return backslashAt(source, at);
  return unit === percent ? coded(source, { at, skip: 1, digits: 2, base: 16 }) : entityAt(source, at);
}

function backslashAt(source: Uint16Array, at: number): number {
  const next = source[at + 1];
  if (next === undefined) return none;
  const letter = String.fromCharCode(next);
  const number =
    letter === 'u'
      ? coded(source, { at, skip: 2, digits: 4, base: 16 })
      : letter === 'x'
        ? coded(source, { at, skip: 2, digits: 2, base: 16 })
        : letter >= '0' && letter <= '3'
          ? coded(source, { at, skip: 1, digits: 3, base: 8 })
          : none;
  return number === none ? 2 * shift + (controls[letter] ?? next) : number;
}

/** `digits` digits of a number behind `skip` units. */
function coded(
  source: Uint16Array,
  { at, skip, digits, base }: { at: number; skip: number; digits: number; base: number },
): number {
  let value = 0;
  for (let index = at + skip; index < at + skip + digits; index += 1) {
    const digit = digitOf(source[index] ?? 0);
    if (digit >= base) return none;
    value = value * base + digit;
  }
  return (skip + digits) * shift + value;
}

function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const letter = unit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Number.POSITIVE_INFINITY;
}

function entityAt(source: Uint16Array, at: number): number {
  let name = '';
  for (let index = at + 1; source[index] !== semicolon; index += 1) {
    const unit = source[index] ?? 0;
    if (name.length === longestName || !isOfName(unit)) return none;
    name += String.fromCharCode(unit);
  }
  const meant = name.startsWith('#') ? numbered(name) : entities.get(name.toLowerCase());
  return meant !== undefined && meant <= lastCodePoint ? (name.length + 2) * shift + meant : none;
}

function numbered(name: string): number | undefined {
  const [, hex, decimal] = numericEntity.exec(name) ?? [];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  return decimal === undefined ? undefined : Number.parseInt(decimal, 10);
}

function isOfName(unit: number): boolean {
  const letter = unit | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit === 0x23;
}
