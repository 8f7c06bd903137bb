import { type Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ApiException, CoreV1Api, Exec, KubeConfig, type V1Status } from '@kubernetes/client-node';
import { type ExecSocket, execSocket, UpgradeRefusedError } from './exec-socket.ts';

export interface RemoteExec {
  pod: string;
  namespace: string;
  container: string | undefined;
  command: readonly string[];
  kubeconfig: string | undefined;
  context: string | undefined;
  stdin: Readable | undefined;
  stdout: Writable;
  stderr: Writable;
}

/** Runs a command in a pod as `kubectl exec` does; resolves with kubectl's exit code, its error text is on `stderr`. */
export async function remoteExec(options: RemoteExec): Promise<number> {
  const config = new KubeConfig();
  if (options.kubeconfig) config.loadFromFile(options.kubeconfig);
  else config.loadFromDefault();
  if (options.context) config.setCurrentContext(options.context);
  try {
    const container = options.container ?? (await firstContainer(config, options));
    return await run(config, container, options);
  } catch (error) {
    options.stderr.write(`${errorText(error, config)}\n`);
    return 1;
  }
}

async function firstContainer(config: KubeConfig, { pod, namespace }: RemoteExec): Promise<string> {
  const found = await config.makeApiClient(CoreV1Api).readNamespacedPod({ name: pod, namespace });
  const [container] = found.spec?.containers ?? [];
  if (!container) throw new Error(`pod ${pod} has no containers`);
  return container.name;
}

async function run(config: KubeConfig, container: string, options: RemoteExec): Promise<number> {
  const socket = execSocket(config);
  const stdout = backPressure(options.stdout, socket);
  const stderr = backPressure(options.stderr, socket);
  const ended = Promise.withResolvers<V1Status>();
  const { namespace, pod, command, stdin = null } = options;
  const exec = new Exec(config, socket);
  await exec.exec(namespace, pod, container, [...command], stdout, stderr, stdin, false, ended.resolve);
  const status = await Promise.race([ended.promise, socket.closed]);
  // client-node ends both with the status; they are finished when the last byte was accepted.
  await Promise.all([finished(stdout), finished(stderr)]);
  return exitCode(status, options.stderr);
}

/** client-node writes without looking: a full target pauses the socket until it drains. */
function backPressure(target: Writable, socket: ExecSocket): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      if (target.write(chunk)) return done();
      socket.pause();
      target.once('drain', () => {
        socket.resume();
        done();
      });
    },
  });
}

function exitCode(status: V1Status, stderr: Writable): number {
  if (status.status === 'Success') return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  if (status.reason === 'NonZeroExitCode' && cause?.message) {
    stderr.write(`command terminated with exit code ${cause.message}\n`);
    return Number(cause.message);
  }
  stderr.write(`error: ${status.message ?? JSON.stringify(status)}\n`);
  return 1;
}

function errorText(error: unknown, config: KubeConfig): string {
  if (error instanceof UpgradeRefusedError) return statusText(error.status);
  if (error instanceof ApiException) return statusText(parseStatus(error.body));
  if (causes(error).some(({ code }) => code === 'ECONNREFUSED')) {
    const host = new URL(config.getCurrentCluster()?.server ?? 'http://localhost:8080').host;
    return `The connection to the server ${host} was refused - did you specify the right host or port?`;
  }
  return `error: ${causes(error)
    .map(({ message }) => message)
    .join(': ')}`;
}

/** fetch hides the socket's error below its own, and several addresses below an AggregateError. */
function causes(error: unknown): { message: string; code?: string }[] {
  if (!(error instanceof Error)) return [];
  const several = error instanceof AggregateError ? error.errors : [error.cause];
  return [error, ...several.flatMap(causes)];
}

function parseStatus(body: unknown): V1Status {
  try {
    return (typeof body === 'string' ? JSON.parse(body) : body) as V1Status;
  } catch {
    return { message: String(body) };
  }
}

function statusText(status: V1Status): string {
  if (status.code === 401) return 'error: You must be logged in to the server (Unauthorized)';
  if (status.reason) return `Error from server (${status.reason}): ${status.message}`;
  return `error: ${status.message}`;
}
