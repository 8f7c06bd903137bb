import type { Args } from '../args.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';

/** Answers one call with the fields beside `ok: true`, or throws an ApiError. */
type Method = (core: Core, args: Args) => JsonObject;
export type Methods = Readonly<Record<string, Method>>;
