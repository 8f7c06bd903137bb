import type { ClusterFailureKind } from '../../domain/cluster/cluster-failure.ts';

/** What a text of kubectl, the API server or a kubelet means; undefined: it names no cause that is known. */
export type SaidKind =
  | ClusterFailureKind
  | 'api-unreachable'
  | 'api-unauthorized'
  | 'session-forbidden'
  | 'session-lost';

/** As a status, not as a part of a host's name, a port or a count: names and addresses are in these texts, too. */
const proxyAsks = /Proxy Authentication Required|(\(|: |HTTP |status |code )407\b/i;

const webhook = /failed calling webhook|failed to call webhook/;

type Rules = readonly (readonly [SaidKind, RegExp])[];

/** The API server's own connection to a kubelet: the kubelet's certificate and address, not the API's. */
const toKubelet: Rules = [
  ['kubelet-tunnel-down', /No agent available|No SSH tunnels/],
  // A kubelet without a serving certificate ends the handshake like this.
  ['kubelet-certificate-pending', /remote error: tls: internal error/],
  // The kubelet's verdict on the API server's client certificate.
  ['kubelet-refuses', /remote error: tls:|Authorization error|Forbidden|Unauthorized/],
  ['kubelet-certificate', /x509:|tls: failed to verify/],
  ['kubelet-unreachable', /./],
];

/** `unable to upgrade connection: …` and the same over WebSocket: the answer of the server that got the request instead. */
const notUpgraded: Rules = [
  ['session-lost', /container (\S{1,260} )?not found|pod does not exist|pod \S{1,260} not found/],
  [
    'gateway-failed',
    /(\(|: |>|HTTP |status |code )50[234]\b|Bad Gateway|Gateway Time-?out|Service Unavailable/i,
  ],
  ['proxy-refused', proxyAsks],
  ['session-forbidden', /is forbidden:/],
  ['api-unauthorized', /bad handshake \(401|must be logged in/],
  ['exec-runtime-failed', /404 page not found/],
  ['exec-upgrade-refused', /<h\d>|<html|<!doctype|bad handshake|Upgrade request required/i],
  ['kubelet-refuses', /Forbidden|Unauthorized|Authorization error/],
  ['api-connection-lost', /\bEOF\b|connection reset|broken pipe/],
  ['exec-upgrade-refused', /./],
];

/** The kubelet reached the container runtime, which did not run the command. */
const inRuntime: Rules = [
  [
    'session-lost',
    /signal: killed|container is not created or running|not running|stopped state|container not found|not found: ID does not exist/,
  ],
  ['exec-runtime-failed', /./],
];

const others: Rules = [
  ['etcd-no-space', /database space exceeded/],
  ['etcd-slow', /etcdserver:|etcd cluster is unavailable/],
  ['kubelet-refuses', /(Authorization error|Forbidden) \(user=/],
  ['api-unauthorized', /Unauthorized|You must be logged in|client to provide credentials/],
  ['session-forbidden', /\(Forbidden\)|is forbidden:/],
  [
    'client-configuration',
    /Missing or incomplete configuration info|getting credentials|exec plugin|no Auth Provider|invalid configuration|error loading config|unable to read client-|HTTP response to HTTPS client|does not look like a TLS handshake|context "[^"]{0,260}" does not exist/i,
  ],
  ['proxy-refused', proxyAsks],
  ['proxy-refused', /connect to the server: Forbidden$/],
  ['api-name-unresolved', /no such host|server misbehaving|name resolution/],
  ['gateway-failed', /proxyconnect|Bad Gateway|Gateway Time-?out|<html|<!doctype/i],
  ['api-certificate', /x509:|tls: failed to verify|certificate (has expired|signed by unknown)/],
  [
    'api-overloaded',
    /TooManyRequests|too many requests|try again later|storage is \(re\)initializing|client rate limiter/i,
  ],
  [
    'api-not-ready',
    /ServiceUnavailable|Service Unavailable|unable to handle the request|apiserver not ready|an error on the server|error trying to reach service/,
  ],
  [
    'api-connection-lost',
    /GOAWAY|client connection lost|connection reset|\bEOF\b|close 1006|broken pipe|error stream|lost connection to pod|closed network connection|http2:/,
  ],
  [
    'api-unreachable',
    /was refused|connection refused|i\/o timeout|no route to host|host is down|network is unreachable|TLS handshake timeout|\(Timeout\)|Timeout occurred|deadline exceeded|exceeded while awaiting|connect to the server/,
  ],
  [
    'session-lost',
    /signal: killed|container not found|\(NotFound\)|command terminated$|cannot exec into|not running/,
  ],
];

/** For a text on one line. */
export function kindOfWords(text: string): SaidKind | undefined {
  // Its port may be a kubelet's, and the way to it the kubelets' tunnel.
  if (webhook.test(text)) return 'webhook-unanswered';
  if (/error dialing backend|:10250\/|:10250: /.test(text)) return first(toKubelet, text);
  if (
    /unable to upgrade (streaming request|connection)|websocket: bad handshake|Upgrade request required/.test(
      text,
    )
  )
    return first(notUpgraded, text);
  if (/executing command in container|failed to exec in container|OCI runtime exec failed/.test(text))
    return first(inRuntime, text);
  if (/No agent available/.test(text)) return 'kubelet-tunnel-down';
  return first(others, text);
}

function first(rules: Rules, text: string): SaidKind | undefined {
  return rules.find(([, sign]) => sign.test(text))?.[0];
}

const untrusted =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(VERIFY_LEAF|GET_ISSUER))/;

/** The same for the code of a connection that failed on our own side (`ENOTFOUND`, `CERT_HAS_EXPIRED`). */
export function kindOfCode(code: string): ClusterFailureKind | 'api-unreachable' {
  if (untrusted.test(code)) return 'api-certificate';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'api-name-unresolved';
  return 'api-unreachable';
}
