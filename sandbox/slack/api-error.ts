import type { JsonObject } from './json.ts';

/** A refusal in Slack's own words: `{ok: false, error: code, ...details}`. */
export class ApiError extends Error {
  readonly code: string;
  readonly details: JsonObject;

  constructor(code: string, details: JsonObject = {}) {
    super(`The simulated Slack refused the call: ${code}`);
    this.name = 'ApiError';
    this.code = code;
    this.details = details;
  }
}

/** Slack lists what is wrong twice: `errors` bare, and `response_metadata.messages` marked [ERROR]. */
export function refusalWithMessages(code: string, messages: string[]): ApiError {
  return new ApiError(code, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}

export function invalidArguments(...messages: string[]): ApiError {
  return refusalWithMessages('invalid_arguments', messages);
}
