/** The `Status` body with which a Kubernetes API server answers an error. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: object;
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: object;
  code?: number;
}

/** A refusal that the server answers with its `Status` and HTTP code. */
export class ApiError extends Error {
  readonly status: Status;
  readonly code: number;

  constructor(code: number, reason: string, message: string, details?: object) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details ? { details } : {}),
      code,
    };
  }
}

/** What an error is about; `group` is absent for the core group, as in the recorded answers. */
export interface Subject {
  group: string;
  resource: string;
  name?: string | undefined;
}

function details(about: Subject): object {
  return {
    ...(about.name ? { name: about.name } : {}),
    ...(about.group ? { group: about.group } : {}),
    kind: about.resource,
  };
}

function qualified(about: Subject): string {
  const resource = about.group ? `${about.resource}.${about.group}` : about.resource;
  return about.name ? `${resource} "${about.name}"` : resource;
}

export function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', 'Unauthorized');
}

/** `why` is the text after `is forbidden: `. */
export function forbidden(about: Subject, why: string): ApiError {
  return new ApiError(403, 'Forbidden', `${qualified(about)} is forbidden: ${why}`, details(about));
}

export function notFound(about: Subject): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(about)} not found`, details(about));
}

export function alreadyExists(about: Subject): ApiError {
  return new ApiError(409, 'AlreadyExists', `${qualified(about)} already exists`, details(about));
}

export function conflict(about: Subject): ApiError {
  const why = 'the object has been modified; please apply your changes to the latest version and try again';
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(about)}: ${why}`,
    details(about),
  );
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

/** `causes` are pairs of field and text, as `spec.containers` and `Required value`. */
export function invalid(
  kind: string,
  name: string,
  causes: readonly (readonly [string, string])[],
): ApiError {
  const texts = causes.map(([field, text]) => `${field}: ${text}`);
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${text}`, {
    name,
    kind,
    causes: causes.map(([field, message]) => ({ reason: 'FieldValueInvalid', message, field })),
  });
}

export function methodNotAllowed(): ApiError {
  return new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
  );
}

/** The 410 of a watch that starts before what the server remembers. */
export function expired(wanted: string, oldest: number): ApiError {
  return new ApiError(410, 'Expired', `too old resource version: ${wanted} (${oldest})`);
}
