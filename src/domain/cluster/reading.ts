/** Why a fact could not be read. `detail` is one line without secrets, for the log and the card. */
export interface Unreadable {
  readonly reason:
    | 'absent'
    | 'no-such-api'
    | 'forbidden'
    | 'unauthorized'
    | 'unreachable'
    | 'timeout'
    | 'throttled'
    | 'server-error'
    | 'malformed'
    /** The certificate that the API shows is not trusted. */
    | 'untrusted'
    /** DNS does not resolve the API's name. */
    | 'no-name'
    /** A proxy on the way asks for other credentials. */
    | 'proxy-refused';
  readonly detail: string;
}

/** A fact that was asked for: what the cluster said, or why it is not known. Not knowing is never a crash. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: Unreadable };

export function known<T>(value: T): Reading<T> {
  return { ok: true, value };
}

export function unknown(reason: Unreadable['reason'], detail: string): Reading<never> {
  return { ok: false, why: { reason, detail } };
}

/** The same reading with its value put into another shape; why something is unknown stays as it is. */
export function mapReading<From, To>(reading: Reading<From>, shape: (value: From) => To): Reading<To> {
  return reading.ok ? known(shape(reading.value)) : reading;
}
