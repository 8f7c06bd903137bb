import { proxySecrets } from '../redaction/proxy-secrets.ts';

/** The address of an HTTP proxy. Prints without user and password in logs, JSON and templates. */
export class ProxyAddress {
  /** `http://proxy.example.com:3128`: without user, password and path. */
  readonly origin: string;
  readonly #userInfo: { readonly user: string; readonly password: string | undefined } | undefined;
  /** SECRET: as it was written, and its parts. */
  readonly #secrets: readonly string[];

  private constructor(origin: string, userInfo: string | undefined, written: string) {
    this.origin = origin;
    this.#userInfo = userInfo === undefined ? undefined : partsOf(userInfo);
    this.#secrets = proxySecrets(written);
  }

  /**
   * Reads `http://user:password@host:port`; a text without a scheme is `http://`, as Go takes it. User info ends at the LAST `@`,
   * so a password may hold `@`, `/`, `?` and `#` as people write it. Undefined: no address of an HTTP proxy.
   */
  static parse(text: string): ProxyAddress | undefined {
    const written = text.trim();
    const withScheme = written.includes('://') ? written : `http://${written}`;
    const [scheme = '', ...others] = withScheme.split('://');
    if (!/^https?$/i.test(scheme)) return undefined;
    const rest = others.join('://');
    const at = rest.lastIndexOf('@');
    const place = `${scheme}://${rest.slice(at + 1)}`;
    const url = URL.canParse(place) ? new URL(place) : undefined;
    if (!url || url.hostname === '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
      return undefined;
    }
    return new ProxyAddress(url.origin, at > 0 ? rest.slice(0, at) : undefined, written);
  }

  get needsPassword(): boolean {
    return this.#userInfo !== undefined;
  }

  /** SECRET: with user and password, encoded so that every parser reads the same. */
  href(): string {
    if (!this.#userInfo) return this.origin;
    const { user, password } = this.#userInfo;
    const userInfo = [user, password].flatMap((each) =>
      each === undefined ? [] : [encodeURIComponent(each)],
    );
    return this.origin.replace('://', () => `://${userInfo.join(':')}@`);
  }

  /** SECRET: what must be written nowhere. */
  secrets(): readonly string[] {
    return [...new Set([...this.#secrets, ...proxySecrets(this.href())])];
  }

  toString(): string {
    return this.origin;
  }

  toJSON(): string {
    return this.origin;
  }
}

function partsOf(userInfo: string): { user: string; password: string | undefined } {
  const colon = userInfo.indexOf(':');
  if (colon < 0) return { user: decoded(userInfo), password: undefined };
  return { user: decoded(userInfo.slice(0, colon)), password: decoded(userInfo.slice(colon + 1)) };
}

/** A `%` that encodes nothing is a literal `%`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
