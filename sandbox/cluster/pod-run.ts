import type { NodeIo, SandboxNode } from '../node/port.ts';

export interface RunningCommand {
  kind: 'container' | 'exec';
  /** `namespace/name`. */
  pod: string;
  argv: readonly string[];
}

/** What runs of one pod on its node: the container's command and every exec. They die together. */
export class PodRun {
  readonly pod: string;
  readonly #node: SandboxNode;
  readonly #abort = new AbortController();
  readonly #commands = new Map<RunningCommand, Promise<unknown>>();

  constructor(pod: string, node: SandboxNode) {
    this.pod = pod;
    this.#node = node;
  }

  get killed(): boolean {
    return this.#abort.signal.aborted;
  }

  commands(): RunningCommand[] {
    return [...this.#commands.keys()];
  }

  /** Resolves with the exit code; 137 if the pod was killed. */
  async run(
    kind: RunningCommand['kind'],
    argv: readonly string[],
    io: Omit<NodeIo, 'signal'>,
  ): Promise<number> {
    if (this.killed) return 137;
    const command = { kind, pod: this.pod, argv };
    const running = this.#node.run(argv, { ...io, signal: this.#abort.signal });
    this.#commands.set(command, running);
    try {
      return await running;
    } finally {
      this.#commands.delete(command);
    }
  }

  /** Kills everything; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#abort.abort();
    await Promise.allSettled(this.#commands.values());
  }
}
