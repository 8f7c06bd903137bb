import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { KubeConfig } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import type { DoctorLine } from '../domain/doctor/doctor.ts';
import { ProxyAddress } from '../domain/network/proxy-address.ts';
import type { ProxySettings } from '../domain/network/proxy-settings.ts';
import type { ClusterPolicy } from '../domain/policy/policy.ts';
import type { AdminApi } from '../openshift/api/admin-api.ts';
import { tokenLife } from '../openshift/api/credentials.ts';
import type { Clock } from '../workflow/ports/ports.ts';
import { type AccountToken, enrollManager, longLivedToken, requestToken } from './account-token.ts';
import { botKubeconfig, serverOf, writePrivately } from './bot-kubeconfig.ts';
import { examine } from './examine.ts';
import { requireRights, rightsForToken, rightsToApply, type TokenKind } from './needed-rights.ts';
import { accountNamespace, nameOf, type OverlayObject, pathOfObject } from './objects.ts';
import { EnrollError, problemOf } from './problem.ts';
import { rightsLines } from './rights-text.ts';
import type { Terminal } from './terminal.ts';

export interface EnrollOptions {
  readonly context: string;
  readonly name: string;
  /** Directory for kubeconfigs/NAME and clusters.d/NAME.yaml. */
  readonly out: string;
  readonly token: TokenKind;
  readonly seconds: number;
  /** Only a new token: nothing is applied. */
  readonly renew: boolean;
  readonly forceConflicts: boolean;
  /** Where the bot will find the kubeconfig. */
  readonly botPath: string;
  readonly channel: string | undefined;
}

export interface EnrollDeps {
  readonly api: AdminApi;
  readonly config: KubeConfig;
  readonly objects: readonly OverlayObject[];
  /** Of this machine. */
  readonly proxy: ProxySettings | undefined;
  readonly policy: ClusterPolicy;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly terminal: Terminal;
  /** The doctor's lines in words. */
  readonly words: (lines: readonly DoctorLine[]) => string;
}

/** True: the bot can work with the cluster. Throws EnrollError. */
export async function enroll(deps: EnrollDeps, options: EnrollOptions): Promise<boolean> {
  const { api, objects, terminal, config } = deps;
  const { context, renew } = options;
  const server = config.getCurrentCluster()?.server;
  terminal.say(`Cluster: ${server} (context ${context})`);
  const file = kubeconfigFile(options);
  const known = await serverOf(file);
  if (known !== undefined && known !== server) {
    throw new EnrollError(
      `${file} leads to ${known}, and context "${context}" to ${server}; nothing was changed. With a wrong context the bot would back up another cluster under the name ${options.name}. Look at --context and --name; if the cluster has a new address, move that file away, then run this again`,
    );
  }
  const wanted = renew ? [] : objects;
  const needed = [...rightsToApply(wanted), ...rightsForToken(options.token)];
  const untouched = 'nothing was changed. Ask a cluster administrator, or use an account that is one';
  await requireRights(api, needed, { context, untouched });
  if (!renew && !(await applyAll(deps, options))) return false;
  const made = await makeToken(deps, options);
  return finish(deps, options, made);
}

/** False: the person did not agree. */
async function applyAll(deps: EnrollDeps, options: EnrollOptions): Promise<boolean> {
  const { api, objects, terminal } = deps;
  const { context, forceConflicts: force } = options;
  const present = new Map<OverlayObject, unknown>();
  for (const each of objects) {
    const found = await api.get(pathOfObject(each)).catch((error) => {
      throw problemOf(error, `read ${nameOf(each)}`, context);
    });
    present.set(each, found);
  }
  terminal.say('What is applied (nothing else on the cluster is changed):');
  for (const each of objects) terminal.say(`  ${nameOf(each)}: ${stateOf(each, present.get(each))}`);
  terminal.say('What the service account etcd-backup may do with it:');
  for (const line of rightsLines(objects)) terminal.say(`  ${line}`);
  terminal.say(
    'Privileged pods on control-plane nodes are as good as root there: treat its token like an administrator’s kubeconfig.',
  );
  if (!(await terminal.agrees('Apply this, and make a token?'))) {
    terminal.say('Nothing was changed.');
    return false;
  }
  let changed = 0;
  for (const each of objects) {
    const applied = await api
      .apply(pathOfObject(each), each, { manager: enrollManager, force })
      .catch((error) => {
        throw applyProblem(error, each, context);
      });
    if (versionOf(applied) !== versionOf(present.get(each))) changed += 1;
  }
  terminal.say(
    changed === 0
      ? `All ${objects.length} objects were as they should be.`
      : `${changed} of ${objects.length} objects were made or changed.`,
  );
  return true;
}

function stateOf(wanted: OverlayObject, found: unknown): string {
  if (found === undefined) return 'is made';
  const { metadata: _, ...fields } = wanted;
  const same = Object.entries(fields).every(([key, value]) =>
    isDeepStrictEqual(value, (found as Record<string, unknown>)[key]),
  );
  return same ? 'is there' : 'is there, and is changed';
}

function versionOf(object: unknown): string | undefined {
  return (object as { metadata?: { resourceVersion?: string } } | undefined)?.metadata?.resourceVersion;
}

function applyProblem(error: unknown, each: OverlayObject, context: string): Error {
  const problem = problemOf(error, `apply ${nameOf(each)}`, context);
  const conflict = (error as { code?: number }).code === 409;
  const more = conflict
    ? 'Another tool applies this object with other values: change it there (GitOps), or take the fields over with --force-conflicts.'
    : 'Objects before it were applied; running this again goes on from there.';
  return new EnrollError(`${problem.message}. ${more}`);
}

async function makeToken(deps: EnrollDeps, options: EnrollOptions): Promise<AccountToken> {
  const { api, clock } = deps;
  const { token, seconds, renew, context } = options;
  try {
    return token === 'bound'
      ? await requestToken(api, seconds)
      : await longLivedToken(api, { renew, monotonic: clock.monotonic });
  } catch (error) {
    if ((error as { code?: number }).code === 404) {
      throw new EnrollError(
        `there is no service account etcd-backup in namespace ${accountNamespace}: leave --renew out, so that it is made`,
      );
    }
    throw problemOf(error, 'make a token of service account etcd-backup', context);
  }
}

/** Tests the new kubeconfig before it takes its place. */
async function finish(deps: EnrollDeps, options: EnrollOptions, made: AccountToken): Promise<boolean> {
  const { config, terminal, policy, clock } = deps;
  const { name } = options;
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new EnrollError(`context "${options.context}" names no cluster`);
  const file = kubeconfigFile(options);
  const isRenewal = existsSync(file);
  const written = await writePrivately(file, botKubeconfig(cluster, made.token));
  try {
    const through = proxyOf(cluster.proxyUrl, deps.proxy);
    const connection = {
      cluster: name,
      kubeconfig: { file: written.path },
      requestDeadlineMs: 15_000,
      ...(through ? { proxy: through } : {}),
    };
    const lines = await examine(connection, policy, clock);
    terminal.say('');
    terminal.say(deps.words(lines).trimEnd());
    terminal.say('');
    if (lines.some(({ code }) => code === 'api.unreachable')) {
      throw new EnrollError(
        `the new token does not get into the cluster, so ${file} was not ${isRenewal ? 'replaced' : 'written'}. See above; then run this again`,
      );
    }
    await written.keep();
    terminal.say(
      `${isRenewal ? 'Replaced' : 'Wrote'} ${file} (only you can read it: it is worth an administrator’s).`,
    );
    for (const line of tokenLines(made, options, clock.now())) terminal.say(line);
    if (cluster.proxyUrl) {
      terminal.say(
        'Your kubeconfig reaches this cluster through a proxy of its own; the new one names none. If the bot needs it too: proxy in its configuration.',
      );
    }
    await writeClusterText(deps, options, isRenewal);
    return !lines.some(({ state }) => state === 'bad');
  } finally {
    await written.drop();
  }
}

function kubeconfigFile({ out, name }: EnrollOptions): string {
  return join(out, 'kubeconfigs', name);
}

function proxyOf(own: string | undefined, settings: ProxySettings | undefined): ProxySettings | undefined {
  const address = own === undefined ? undefined : ProxyAddress.parse(own);
  return address ? { https: address, http: address, noProxy: '' } : settings;
}

const minuteMs = 60_000;

function tokenLines(made: AccountToken, options: EnrollOptions, now: number): readonly string[] {
  const place = options.out === '.' ? '' : ` --out ${options.out}`;
  const again = `npm run enroll -- --context ${options.context} --name ${options.name}${place}`;
  const life = tokenLife(made.token);
  const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  if (made.secret !== undefined) {
    const others = made.others ?? [];
    const older = others.map(
      (each) => `  oc --context ${options.context} -n ${accountNamespace} delete secret ${each}`,
    );
    return [
      `Token: long-lived, in Secret ${made.secret} of ${accountNamespace}${made.kept ? ' (it was there)' : ''}. It holds until that Secret is removed.`,
      `A new one: ${again} --token long-lived --renew`,
      ...(older.length === 0 ? [] : ['Older ones are still valid. When the bot has the new one:', ...older]),
    ];
  }
  if (!life) return ['Token: bound; it does not say when it ends.'];
  const asked = now + options.seconds * 1000;
  const shortened = asked - life.endsAt > minuteMs;
  return [
    `Token: bound, until ${day(life.endsAt)} UTC.`,
    ...(shortened
      ? [
          `The cluster gave less than was asked for (${day(asked)} UTC): its API server limits tokens. --token long-lived makes one without end.`,
        ]
      : []),
    `To renew it before that, and hand the file to the bot as before: ${again} --renew`,
    'Owners are notified 14 days before it ends, or in the last fifth of a shorter life. A former token holds until its own end.',
  ];
}

async function writeClusterText(deps: EnrollDeps, options: EnrollOptions, isRenewal: boolean): Promise<void> {
  const { terminal } = deps;
  const { name, botPath, channel, out } = options;
  const file = join(out, 'clusters.d', `${name}.yaml`);
  const text = stringify({ name, connect: { kubeconfig: botPath }, ...(channel ? { channel } : {}) });
  if (existsSync(file)) {
    if (!isRenewal) terminal.say(`${file} is there already and was left as it is.`);
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    file,
    `# One cluster of the bot's configuration; config.example.yaml explains every key.\n${text}`,
  );
  terminal.say(`Wrote ${file}, the cluster for the bot's configuration:`);
  for (const line of text.trimEnd().split('\n')) terminal.say(`  ${line}`);
  terminal.say(`Put ${join(out, 'kubeconfigs', name)} where the bot finds it: ${botPath}`);
}
