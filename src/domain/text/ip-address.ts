/** An address as its bytes: 4 for IPv4 (also when written as `::ffff:10.0.0.1`), 16 for IPv6. */
export type IpBytes = readonly number[];

/** Reads `10.0.0.12` or `fd00::12`; undefined for anything else (names, zones, leading zeros). */
export function parseIp(text: string): IpBytes | undefined {
  const bytes = rawIp(text);
  return bytes && unmapped(bytes);
}

export interface Network {
  readonly address: IpBytes;
  readonly prefix: number;
}

/** Reads `10.0.0.0/16` or `fd00::/48`; the bits after the prefix are cleared. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', prefixText = '', ...rest] = text.split('/');
  const bytes = rawIp(address);
  if (!bytes || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  if (prefix > bytes.length * 8) return undefined;
  const masked = bytes.map((byte, index) => byte & maskByte(prefix, index));
  const short = unmapped(masked);
  // `::ffff:10.0.0.0/104` is 10.0.0.0/8.
  return { address: short, prefix: short.length < masked.length ? Math.max(0, prefix - 96) : prefix };
}

export function networkHolds(network: Network, ip: IpBytes): boolean {
  if (network.address.length !== ip.length) return false;
  return ip.every((byte, index) => (byte & maskByte(network.prefix, index)) === network.address[index]);
}

export function sameIp(one: IpBytes, other: IpBytes): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

export function isLoopback(ip: IpBytes): boolean {
  return ip.length === 4 ? ip[0] === 127 : ip.every((byte, index) => byte === (index === 15 ? 1 : 0));
}

function maskByte(prefix: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefix - index * 8));
  return (0xff << (8 - bits)) & 0xff;
}

function rawIp(text: string): IpBytes | undefined {
  return text.includes(':') ? rawIpv6(text) : rawIpv4(text);
}

function rawIpv4(text: string): IpBytes | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function rawIpv6(text: string): IpBytes | undefined {
  const [head = '', tail, ...rest] = text.split('::');
  if (rest.length > 0) return undefined;
  const before = groups(head, tail === undefined);
  const after = tail === undefined ? [] : groups(tail, true);
  if (!before || !after) return undefined;
  const missing = 16 - before.length - after.length;
  // `::` means at least one group of zeros.
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...before, ...Array<number>(missing).fill(0), ...after];
}

/** Bytes of `a:b:c`; the last part may be an IPv4 address where the text ends there. */
function groups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const ipv4 = last && index === parts.length - 1 ? rawIpv4(part) : undefined;
    if (ipv4) bytes.push(...ipv4);
    else if (/^[0-9a-f]{1,4}$/i.test(part))
      bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

function unmapped(bytes: IpBytes): IpBytes {
  const mapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  return mapped && bytes[11] === 255 ? bytes.slice(12) : bytes;
}
