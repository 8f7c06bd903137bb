import type { PodRefusal } from '../../domain/cluster/facts.ts';

/** In the words of Kubernetes' and OpenShift's admission. A webhook may choose any HTTP code for its no. */
const signs: readonly (readonly [PodRefusal, RegExp])[] = [
  [
    'webhook',
    /admission webhook "[^"]*" denied the request|ValidatingAdmissionPolicy .{1,200} denied request/,
  ],
  ['pod-security', /violates PodSecurity/],
  ['security-context', /unable to validate against any security context constraint/],
  ['quota', /exceeded quota:|failed quota:/],
  ['limits', /(maximum|minimum) \S+ usage per (Container|Pod) is|limit to request ratio per/],
  ['priority-class', /no PriorityClass with name/],
  ['service-account', /error looking up service account/],
  ['namespace-ending', /because it is being terminated/],
  ['namespace-absent', /^namespaces "[^"]*" not found/],
  ['right', /cannot create resource "pods"/],
];

/** Why admission does not let a pod in; undefined: the text is no such refusal. */
export function refusalIn(said: string): PodRefusal | undefined {
  return signs.find(([, sign]) => sign.test(said))?.[0];
}
