import { invalidArguments } from './api-error.ts';
import { asObject, isObject, type Json, type JsonObject } from './json.ts';

/** The arguments of one Web API call. Form bodies carry strings (JSON inside), JSON bodies carry values. */
export class Args {
  readonly values: JsonObject;

  constructor(values: JsonObject) {
    this.values = values;
  }

  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') {
      throw invalidArguments(`missing required field: ${name}`);
    }
    return value;
  }

  flag(name: string): boolean {
    const value = this.values[name];
    return value === true || value === 'true' || value === '1' || value === 1;
  }

  number(name: string, fallback: number): number {
    const parsed = Number(this.text(name));
    return this.has(name) && Number.isFinite(parsed) ? parsed : fallback;
  }

  list(name: string): string[] {
    const value = this.values[name];
    if (Array.isArray(value)) return value.map(String);
    return (this.text(name) ?? '').split(',').filter((part) => part !== '');
  }

  /** The value, or what its JSON text says; `undefined` when absent; throws `refusal` when the text is no JSON. */
  json(name: string, refusal: () => Error): Json | undefined {
    const value = this.values[name];
    if (typeof value !== 'string') return value ?? undefined;
    if (value === '') return undefined;
    try {
      return JSON.parse(value) as Json;
    } catch {
      throw refusal();
    }
  }
}

/** Reads a request body by its content type; multipart is left to the upload address. */
export function argsOf(contentType: string, body: Buffer, query: URLSearchParams): Args {
  const values: JsonObject = Object.fromEntries(query);
  const text = body.toString('utf8');
  if (contentType.startsWith('application/json')) {
    const parsed = text === '' ? {} : (JSON.parse(text) as unknown);
    if (!isObject(parsed)) throw invalidArguments('the JSON body must be an object');
    Object.assign(values, asObject(parsed));
  } else {
    Object.assign(values, Object.fromEntries(new URLSearchParams(text)));
  }
  return new Args(values);
}
