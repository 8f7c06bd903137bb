import { AdminCallError } from '../openshift/api/admin-api.ts';

/** Something that the person at the terminal can act on: its message is all that is shown. */
export class EnrollError extends Error {
  override readonly name = 'EnrollError';
}

/** What happened when `doing` (`apply Role x`) failed, and what to do next. Errors of our own code pass as they are. */
export function problemOf(error: unknown, doing: string, context: string): Error {
  if (!(error instanceof AdminCallError)) return error as Error;
  return new EnrollError(`could not ${doing}: ${sentence(error, context)}`);
}

function sentence(error: AdminCallError, context: string): string {
  const { reason, message } = error;
  switch (reason) {
    case 'no-credentials':
      return `the kubeconfig's plugin gave no credentials for context "${context}". Log in (run any oc or kubectl command with this context), then run this again`;
    case 'unauthorized':
      return `the cluster does not accept the credentials of context "${context}" (${message}). Log in again, then run this again`;
    case 'forbidden':
      return `the account of context "${context}" lacks the right (${message}). Ask a cluster administrator, or use an account that is one`;
    case 'proxy-refused':
      return `a proxy on the way refused it (${message}). Look at HTTPS_PROXY, NO_PROXY and proxy-url of the kubeconfig`;
    case 'untrusted':
      return `the certificate of the API server is not trusted (${message}). Put its authority into the kubeconfig (certificate-authority)`;
    case 'no-name':
      return `the name of the API server does not resolve (${message}). Is the VPN up, or does a proxy lead there?`;
    case 'unreachable':
    case 'timeout':
      return `the API server cannot be reached (${message}). Look at the server of context "${context}", the network and HTTPS_PROXY`;
    default:
      return message;
  }
}
