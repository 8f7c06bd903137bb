import { setTimeout as pause } from 'node:timers/promises';
import type { NodeIo, SandboxNode } from '../node/port.ts';

export interface RunningCommand {
  kind: 'container' | 'exec';
  /** `namespace/name`. */
  pod: string;
  argv: readonly string[];
}

type Streams = Omit<NodeIo, 'signal'>;

/** How long the last output of a killed command may take to reach its client. */
const lastOutputMs = 500;

/** What runs of one pod on its node: the container's command and every exec. They die together. */
export class PodRun {
  readonly pod: string;
  readonly #node: SandboxNode;
  readonly #abort = new AbortController();
  readonly #commands = new Map<RunningCommand, { running: Promise<number>; streams: Streams }>();

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
  async run(kind: RunningCommand['kind'], argv: readonly string[], streams: Streams): Promise<number> {
    if (this.killed) return 137;
    const command = { kind, pod: this.pod, argv };
    const running = this.#node.run(argv, { ...streams, signal: this.#abort.signal });
    this.#commands.set(command, { running, streams });
    try {
      return await running;
    } finally {
      this.#commands.delete(command);
    }
  }

  /** Kills everything; resolves when it is gone. A client that does not read its output cannot hold that up. */
  async kill(): Promise<void> {
    this.#abort.abort();
    const ended = Promise.allSettled([...this.#commands.values()].map(({ running }) => running));
    const patience = new AbortController();
    await Promise.race([ended, pause(lastOutputMs, undefined, { signal: patience.signal }).catch(() => {})]);
    patience.abort();
    for (const { streams } of this.#commands.values()) {
      streams.stdout.destroy();
      streams.stderr.destroy();
    }
    await ended;
  }
}
