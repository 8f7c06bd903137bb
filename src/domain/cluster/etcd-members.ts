/** What etcd said of one of its members. */
export interface MemberStatus {
  /** Client address as etcd names it: `https://172.31.77.10:2379`. */
  readonly endpoint: string;
  /** As `etcdctl member list` prints it: hexadecimal. */
  readonly id: string;
  readonly raftIndex: number;
  readonly learner: boolean;
  readonly leader: boolean;
}

/** All members, as one of them knew them. */
export interface MembersReading {
  /** ms UTC by our own clock. */
  readonly at: number;
  readonly answered: readonly MemberStatus[];
  /** Client addresses of members that did not answer. */
  readonly silent: readonly string[];
}

/** `https://[fd00::1]:2379` → `fd00::1`; undefined: not an address. */
export function hostOfEndpoint(endpoint: string): string | undefined {
  const [, bracketed, plain] =
    /^(?:https?:\/\/)?(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::\d+)?$/.exec(endpoint) ?? [];
  return bracketed ?? plain;
}
