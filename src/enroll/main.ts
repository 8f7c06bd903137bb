import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { adminWayOfProcess } from '../config/build/process.ts';
import { standardPolicy } from '../config/build/standard-policy.ts';
import { channelId, clusterName, duration } from '../config/schema/values.ts';
import type { DoctorLine } from '../domain/doctor/doctor.ts';
import { redact } from '../domain/redaction/redact.ts';
import { openAdminApi } from '../openshift/api/admin-api.ts';
import { loadAdminConfig } from '../openshift/api/admin-config.ts';
import { doctorAnswer } from '../slack/messages/doctor/doctor.ts';
import { messageAsText } from '../slack/messages/kit/as-text.ts';
import { systemClock } from '../system/clock.ts';
import { readWords } from '../system/command-words.ts';
import { enroll } from './enroll.ts';
import { readOverlay } from './objects.ts';
import { problemOf } from './problem.ts';
import { openTerminal } from './terminal.ts';
import { unenroll } from './unenroll.ts';

const usage = `usage: npm run enroll -- --context ADMIN-CONTEXT --name CLUSTER [--kubeconfig FILE] [--out DIR] [--yes]
         [--token bound|long-lived] [--duration 365d] [--renew] [--force-conflicts] [--bot-path PATH] [--channel C…]
       npm run enroll -- --print
       npm run unenroll -- --context ADMIN-CONTEXT --name CLUSTER [--kubeconfig FILE] [--yes]
  enroll gives the bot its rights on a managed cluster and writes a kubeconfig for it; run again, it renews the token
  --print: the objects as YAML, for GitOps; no cluster is asked
  --renew: a new token only   --bot-path: where the bot finds the file (/etc/etcd-backup-kubeconfigs/CLUSTER)
  exit code 0: done; 1: not done, or the bot lacks something; 2: usage error`;

const options = {
  context: { type: 'string' },
  name: { type: 'string' },
  kubeconfig: { type: 'string' },
  out: { type: 'string', default: '.' },
  token: { type: 'string', default: 'bound' },
  duration: { type: 'string', default: '365d' },
  renew: { type: 'boolean', default: false },
  print: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  'force-conflicts': { type: 'boolean', default: false },
  'bot-path': { type: 'string' },
  channel: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

class UsageError extends Error {}

const clock = systemClock();
const overlay = fileURLToPath(new URL('../../deploy/overlays/managed', import.meta.url));

async function main([command, ...args]: readonly string[]): Promise<number> {
  const { values } = words(args);
  const terminal = openTerminal(values);
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  const objects = await readOverlay(overlay);
  if (command === 'enroll' && values.print) {
    terminal.say(
      objects
        .map((each) => stringify(each, { lineWidth: 0 }))
        .join('---\n')
        .trimEnd(),
    );
    return 0;
  }
  const context = values.context ?? missing('--context', 'your own context of that cluster');
  const name = checked(
    '--name',
    clusterName,
    values.name ?? missing('--name', 'the cluster’s name in the bot’s configuration'),
  );
  const { kubeconfigs, proxy } = adminWayOfProcess();
  const files = values.kubeconfig === undefined ? kubeconfigs : [values.kubeconfig];
  const config = loadAdminConfig({ files, context, proxy });
  const api = await openAdminApi(config).catch((error) => {
    throw problemOf(error, 'log in', context);
  });
  try {
    if (command === 'unenroll') {
      const server = config.getCurrentCluster()?.server;
      return (await unenroll({ api, objects, terminal, server }, { context, name })) ? 0 : 1;
    }
    const policy = standardPolicy(name);
    const deps = { api, config, objects, proxy, policy, clock, terminal, words: doctorWords(name) };
    return (await enroll(deps, { ...enrollWords(values, name), context, name })) ? 0 : 1;
  } finally {
    await api.close();
  }
}

function words(args: readonly string[]) {
  try {
    return readWords({ args: [...args], options, strict: true }, usage);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
type Values = ReturnType<typeof words>['values'];

function enrollWords(values: Values, name: string) {
  const { token } = values;
  if (token !== 'bound' && token !== 'long-lived')
    throw new UsageError(`--token takes bound or long-lived, not "${token}"`);
  return {
    out: values.out,
    token,
    seconds: checked('--duration', duration('10m', '3650d'), values.duration) / 1000,
    renew: values.renew,
    forceConflicts: values['force-conflicts'],
    botPath: values['bot-path'] ?? `/etc/etcd-backup-kubeconfigs/${name}`,
    channel: values.channel === undefined ? undefined : checked('--channel', channelId, values.channel),
  } as const;
}

function missing(option: string, what: string): never {
  throw new UsageError(`${option} is missing: ${what}\n${usage}`);
}

function checked<T>(option: string, schema: { safeParse(value: unknown): Checked<T> }, value: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new UsageError(`${option}: expected ${read.error.issues[0]?.message ?? 'another value'}`);
}
type Checked<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: { readonly issues: readonly { readonly message: string }[] } };

/** The doctor's own words, without the marks of a Slack message. */
function doctorWords(cluster: string): (lines: readonly DoctorLine[]) => string {
  return (lines) => {
    const context = { language: 'en', timeZone: 'UTC', now: clock.now(), command: '/etcd-backup' } as const;
    return messageAsText(doctorAnswer({ outcome: 'examined', cluster, lines }, context)).replace(/[`*]/g, '');
  };
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${redact((error as Error).message)}\n`);
  return error instanceof UsageError ? 2 : 1;
});
