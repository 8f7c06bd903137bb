import type { Readable, Writable } from 'node:stream';

/**
 * The streams of one command on a node. When `stdout` or `stderr` is destroyed (the client is gone) the command goes on,
 * but its next write there must fail with a broken pipe: the node closes its reading end.
 */
export interface NodeIo {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  /** Aborting kills the whole process group (SIGKILL). */
  signal: AbortSignal;
}

/** What happens on a node, as reported to `onEvent`. */
export type NodeEvent = {
  readonly node: string;
  /** The command on the node, without `chroot /host`. */
  readonly argv: readonly string[];
} & (
  | { readonly kind: 'command' }
  /** So many more bytes of its stdout; a file that is copied off the node comes this way. */
  | { readonly kind: 'output'; readonly bytes: number }
  | { readonly kind: 'exit'; readonly code: number }
);

/** A cluster node on which commands really run: the border between the API server and the machine. */
export interface SandboxNode {
  readonly name: string;
  /** Where the node's file tree lies on this machine's disk. */
  readonly dir: string;
  /**
   * Runs one command as the container would (argv begins with 'chroot', '/host', …). Resolves with the exit code
   * (128+n for signal n, 127 not found, 126 not executable) after the last byte was handed to stdout and stderr;
   * whether it ends those two streams is left open. Aborting `io.signal` kills the whole process group (SIGKILL).
   */
  run(argv: readonly string[], io: NodeIo): Promise<number>;
  close(): Promise<void>;
}
