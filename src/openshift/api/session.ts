import {
  ApiException,
  type HttpMethod,
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  RequestContext,
} from '@kubernetes/client-node';
import { withoutEnd } from '../../domain/text/trimmed.ts';
import { HalfAnswerError } from './api-error.ts';
import { rememberAuthorization } from './kube-config.ts';
import { CredentialsError } from './unreadable.ts';

const http = new IsomorphicFetchHttpLibrary();

/** Credentials as client-node applies them, once for all calls: it would open a new TLS connection for each. */
export interface Session {
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: ReturnType<RequestContext['getDispatcher']>;
}

export interface ApiRequest {
  readonly method: HttpMethod;
  /** With its query. */
  readonly path: string;
  readonly body?: object | undefined;
  /** Of the body; JSON where it is not said. */
  readonly contentType?: string;
}

export interface Answer {
  readonly body: unknown;
  /** The Date header as received; undefined: none. */
  readonly date: string | undefined;
}

/** Throws CredentialsError: a plugin of the kubeconfig gave none. */
export async function openSession(kubeConfig: KubeConfig): Promise<Session> {
  const server = withoutEnd(kubeConfig.getCurrentCluster()?.server ?? '', '/');
  const context = new RequestContext(server, 'GET' as HttpMethod);
  try {
    await kubeConfig.applySecurityAuthentication(context);
  } catch {
    throw new CredentialsError('the kubeconfig gave no credentials');
  }
  const headers = context.getHeaders();
  rememberAuthorization(headers.Authorization);
  return { server, headers, dispatcher: context.getDispatcher() };
}

/** Rejects with ApiException for every status that is no success, else with the network's own error. */
export async function sendOnce(session: Session, request: ApiRequest, signal: AbortSignal): Promise<Answer> {
  const context = new RequestContext(session.server + request.path, request.method);
  for (const [name, value] of Object.entries(session.headers)) context.setHeaderParam(name, value);
  context.setHeaderParam('Accept', 'application/json');
  if (request.body) {
    context.setHeaderParam('Content-Type', request.contentType ?? 'application/json');
    context.setBody(JSON.stringify(request.body));
  }
  if (session.dispatcher) context.setDispatcher(session.dispatcher);
  context.setSignal(signal);
  const response = await http.send(context).toPromise();
  const text = await response.body.text();
  if (response.httpStatusCode < 200 || response.httpStatusCode > 299) {
    throw new ApiException(response.httpStatusCode, 'not what was asked for', text, {});
  }
  return { body: bodyOf(text, response.headers['content-type'] ?? ''), date: response.headers.date };
}

function bodyOf(text: string, type: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!type.includes('json')) throw error;
    throw new HalfAnswerError(error);
  }
}
