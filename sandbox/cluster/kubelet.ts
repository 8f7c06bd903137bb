import { PassThrough, Writable } from 'node:stream';
import type { SandboxNode } from '../node/port.ts';
import { type KubeObject, timestamp } from './kube-object.ts';
import { kindOf } from './objects.ts';
import { type Pod, podKey } from './pod.ts';
import { PodRun, type RunningCommand } from './pod-run.ts';
import { deadlineExceeded, ended, failed, running, started, terminating, waiting } from './pod-status.ts';
import { isNodeReady } from './seed-nodes.ts';
import type { ObjectStore, StoreEvent } from './store.ts';
import type { Timers } from './timers.ts';

export interface KubeletOptions {
  store: ObjectStore;
  nodes: readonly SandboxNode[];
  timers: Timers;
  now: () => Date;
  /** From the request to Running. */
  podStartMs: number;
  /** From the deletion to the end of what runs in the pod. */
  podStopMs: number;
  /** Images that a node can pull although it does not have them yet. */
  pullableImages: readonly string[];
}

const longestTimer = 2 ** 31 - 1;
const pods = kindOf('pods');

/** Brings pods up on their nodes and down again: what the kubelets of all nodes do together. */
export class Kubelet {
  readonly #options: KubeletOptions;
  readonly #runs = new Map<string, PodRun>();
  readonly #unsubscribe: () => void;
  #stopMs: number | undefined;
  /** Pods that wait for their node to be Ready: to start, or to end. */
  readonly #waiting = new Set<string>();

  constructor(options: KubeletOptions) {
    this.#options = options;
    this.#unsubscribe = options.store.onEvent((event) => this.#observe(event));
  }

  /** How long pods take to end from now on; undefined: as at the start. */
  stopAfter(ms: number | undefined): void {
    this.#stopMs = ms;
  }

  /** Takes over a pod that was just created. */
  start(pod: Pod): void {
    const machine = this.#machine(pod);
    if (machine === undefined) {
      this.#waiting.add(podKey(pod));
      return;
    }
    const run = new PodRun(podKey(pod), machine);
    this.#runs.set(podKey(pod), run);
    this.#change(pod, (draft) => started(draft, timestamp(this.#options.now())));
    this.#options.timers.after(this.#options.podStartMs, () => this.#startContainers(pod, run));
    if (pod.spec.activeDeadlineSeconds !== undefined) {
      const ms = Math.min(pod.spec.activeDeadlineSeconds * 1000, longestTimer);
      this.#options.timers.after(ms, () => this.#passDeadline(pod, run));
    }
  }

  /**
   * Ends a pod. With grace 0, or when nothing runs in it any more, it is gone at once; else it is Terminating until
   * its processes are dead. A pod on a node that is not Ready stays Terminating, as on a real cluster.
   */
  remove(pod: Pod, graceSeconds: number): Pod {
    const { store, timers, now } = this.#options;
    const podStopMs = this.#stopMs ?? this.#options.podStopMs;
    const { name, namespace } = pod.metadata;
    const hasEnded = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    if (graceSeconds === 0 || hasEnded || !pod.spec.nodeName)
      return store.delete(pods, name, namespace) as Pod;
    if (pod.metadata.deletionTimestamp) return pod;
    const marked = this.#change(pod, (draft) => terminating(draft, now(), graceSeconds));
    if (this.#machine(pod) === undefined) this.#waiting.add(podKey(pod));
    else timers.after(podStopMs, () => void this.#finishRemoval(pod));
    return marked ?? pod;
  }

  /** The run of a pod into which an exec may go; undefined while or after its container does not run. */
  running(pod: Pod): PodRun | undefined {
    const run = this.#runs.get(podKey(pod));
    return run && !run.killed && pod.status.phase === 'Running' ? run : undefined;
  }

  commands(): RunningCommand[] {
    return [...this.#runs.values()].flatMap((run) => run.commands());
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await Promise.all([...this.#runs.values()].map((run) => run.kill()));
  }

  async #startContainers(pod: Pod, run: PodRun): Promise<void> {
    if (run.killed) return;
    const missing = pod.spec.containers.find((container) => !this.#hasImage(pod, container.image));
    if (missing) {
      this.#change(pod, (draft) => waiting(draft, 'ErrImagePull', `failed to pull image "${missing.image}"`));
      this.#options.timers.after(this.#options.podStartMs, () => {
        this.#change(pod, (draft) =>
          waiting(draft, 'ImagePullBackOff', `Back-off pulling image "${missing.image}"`),
        );
      });
      return;
    }
    this.#change(pod, (draft) => running(draft, this.#address(draft), timestamp(this.#options.now())));
    const codes = await Promise.all(
      pod.spec.containers.map(({ command = [], args = [] }) => runSilently(run, [...command, ...args])),
    );
    if (run.killed) return;
    // The container is gone, and with it every exec in it.
    await run.kill();
    this.#change(pod, (draft) => ended(draft, codes, timestamp(this.#options.now())));
  }

  /** Kills all that runs in the pod and leaves it as Failed: its deadline, an eviction. */
  fail(pod: Pod, why: { reason: string; message: string }): void {
    void this.#runs.get(podKey(pod))?.kill();
    this.#change(pod, (draft) => failed(draft, why, timestamp(this.#options.now())));
  }

  #passDeadline(pod: Pod, run: PodRun): void {
    if (!run.killed) this.fail(pod, deadlineExceeded);
  }

  async #finishRemoval(pod: Pod): Promise<void> {
    await this.#runs.get(podKey(pod))?.kill();
    const { store } = this.#options;
    if (this.#current(pod)) store.delete(pods, pod.metadata.name, pod.metadata.namespace);
  }

  #observe({ type, kind, object }: StoreEvent): void {
    if (kind.resource === 'pods' && type === 'DELETED') this.#forget(object);
    if (kind.resource === 'nodes') this.#retryWaiting(object);
  }

  #forget(pod: KubeObject): void {
    this.#waiting.delete(podKey(pod));
    const run = this.#runs.get(podKey(pod));
    this.#runs.delete(podKey(pod));
    void run?.kill();
  }

  #retryWaiting(node: KubeObject): void {
    if (this.#waiting.size === 0 || !isNodeReady(node)) return;
    const waitingPods = this.#options.store
      .list(pods)
      .filter((pod) => this.#waiting.has(podKey(pod))) as Pod[];
    for (const pod of waitingPods.filter(({ spec }) => spec.nodeName === node.metadata.name)) {
      this.#waiting.delete(podKey(pod));
      if (pod.metadata.deletionTimestamp) void this.#finishRemoval(pod);
      else this.start(pod);
    }
  }

  /** The machine behind a pod's node, if its kubelet is alive. */
  #machine(pod: Pod): SandboxNode | undefined {
    const { store, nodes } = this.#options;
    const { nodeName = '' } = pod.spec;
    if (!isNodeReady(store.find(kindOf('nodes'), nodeName))) return undefined;
    return nodes.find((node) => node.name === nodeName);
  }

  #hasImage(pod: Pod, image: string): boolean {
    const { store, pullableImages } = this.#options;
    const images: { names: string[] }[] =
      store.find(kindOf('nodes'), pod.spec.nodeName ?? '')?.status.images ?? [];
    return pullableImages.includes(image) || images.some(({ names }) => names.includes(image));
  }

  #address(pod: Pod): string {
    const addresses =
      this.#options.store.find(kindOf('nodes'), pod.spec.nodeName ?? '')?.status.addresses ?? [];
    return addresses[0]?.address ?? '';
  }

  /** The same pod as stored now; a new pod of the same name is another one. */
  #current(pod: Pod): Pod | undefined {
    const found = this.#options.store.find(pods, pod.metadata.name, pod.metadata.namespace);
    return found?.metadata.uid === pod.metadata.uid ? (found as Pod) : undefined;
  }

  #change(pod: Pod, change: (draft: Pod) => void): Pod | undefined {
    const draft = this.#current(pod);
    if (draft === undefined) return undefined;
    change(draft);
    return this.#options.store.update(pods, draft) as Pod;
  }
}

/** A container's own output goes to a log, which the sandbox does not keep. */
function runSilently(run: PodRun, argv: readonly string[]): Promise<number> {
  const sink = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  const stdin = new PassThrough();
  stdin.end();
  // 128 is what a container gets whose command could not even be started.
  return run.run('container', argv, { stdin, stdout: sink(), stderr: sink() }).catch(() => 128);
}
