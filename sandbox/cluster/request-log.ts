import type { Identity } from './accounts.ts';
import type { RequestInfo } from './request-info.ts';

export interface LoggedRequest {
  verb: string;
  path: string;
  resource: string | undefined;
  subresource: string | undefined;
  namespace: string | undefined;
  name: string | undefined;
  dryRun: boolean;
  /** The words of an exec. */
  command: readonly string[];
  user: string | undefined;
  /** HTTP status; 101 for an accepted exec, 0 if the client got no answer. */
  status: number;
}

const limit = 5000;

/** The last requests, oldest first; tests look here at what a client really asked for. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];
  readonly #onAdd: (request: LoggedRequest) => void;

  constructor(onAdd: (request: LoggedRequest) => void = () => undefined) {
    this.#onAdd = onAdd;
  }

  add(info: RequestInfo, who: Identity | undefined, status: number): void {
    const { verb, path, resource, subresource, namespace, name, dryRun, command } = info;
    const request = {
      verb,
      path,
      resource,
      subresource,
      namespace,
      name,
      dryRun,
      command,
      user: who?.username,
      status,
    };
    this.entries.push(request);
    if (this.entries.length > limit) this.entries.shift();
    this.#onAdd(request);
  }
}
