import {
  CoreV1Api,
  createConfiguration,
  HttpMethod,
  type KubeConfig,
  type RequestContext,
  type SecurityAuthentication,
  ServerConfiguration,
} from '@kubernetes/client-node';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import { credentialsEdition } from './credentials.ts';
import { KubeConfigError, loadKubeConfig, rememberAuthorization } from './kube-config.ts';

/**
 * The typed API of pods, for node sessions. Every call ends inside the connection's deadline, body included
 * (client-node ignores a `signal` option, its middleware is the one way in); all calls share connections. Credentials whose files
 * change meanwhile are loaded again: a run goes on with a rotated token.
 * Throws KubeConfigError. Calls reject with client-node's ApiException, or with the network's own error.
 */
export function createCoreApi(connection: ClusterConnection): CoreV1Api {
  const first = loadKubeConfig(connection);
  const server = first.getCurrentCluster()?.server;
  if (server === undefined) throw new KubeConfigError('kubeconfig: no API server');
  const seconds = `${Math.ceil(connection.requestDeadlineMs / 1000)}s`;
  let shared: ReturnType<RequestContext['getDispatcher']>;
  const credentials = renewed(connection, first, () => {
    shared = undefined;
  });
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: credentials },
    promiseMiddleware: [
      {
        async pre(context) {
          // Applied credentials bring a new connection pool with each call; the first one serves all.
          shared ??= context.getDispatcher();
          if (shared) context.setDispatcher(shared);
          rememberAuthorization(context.getHeaders().Authorization);
          // The server gives up when we do: what it did not do by then it does not do later.
          if (context.getHttpMethod() === HttpMethod.POST) context.setQueryParam('timeout', seconds);
          context.setSignal(AbortSignal.timeout(connection.requestDeadlineMs));
          return context;
        },
        post: async (context) => context,
      },
    ],
  });
  return new CoreV1Api(configuration);
}

/** Applies the credentials as their files are now. Files that cannot be read leave those that were: the server decides. */
function renewed(
  connection: ClusterConnection,
  first: KubeConfig,
  onChange: () => void,
): SecurityAuthentication {
  const editionNow = credentialsEdition(connection);
  let edition = editionNow();
  let current = first;
  return {
    getName: () => first.getName(),
    async applySecurityAuthentication(context) {
      const [before, now] = [await edition, await editionNow()];
      if (before !== now) {
        try {
          current = loadKubeConfig(connection);
          edition = Promise.resolve(now);
          onChange();
        } catch (error) {
          if (!(error instanceof KubeConfigError)) throw error;
        }
      }
      await current.applySecurityAuthentication(context);
    },
  };
}
