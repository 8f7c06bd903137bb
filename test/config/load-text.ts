// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import { strict as assert } from 'node:assert';
import type { Config } from '../../src/config/build/config.ts';
import { loadConfig } from '../../src/config/build/load.ts';
import { ConfigError, mistakeText } from '../../src/config/file/mistake.ts';

export const tokens = {
  SLACK_BOT_TOKEN: 'xoxb-4711-botSecretValue',
  SLACK_APP_TOKEN: 'xapp-1-A4711-appSecretValue',
};

/** Public keys of age; the secret halves were thrown away. */
export const recipients = [
  'age1yr3uxe5y4qq4e7g7gjn5545e72pz0amgjle0uazu9ulfure0qd9qq3m080',
  'age16fj8gfp0fv03xfhv7ys7g8per85uxg770t6kccrk2empulm8usls0cpuul',
] as const;

/** Two places and two recipients, as a configuration with nothing to warn of has them. */
export const offCluster = {
  destinations: [
    { name: 'nas-1', directory: { path: '/mnt/nas' } },
    { name: 'vault', s3: { bucket: 'etcd-keys', region: 'us-east-1' } },
  ],
  recipients: recipients.map((key, index) => ({ name: `recovery-${index + 1}`, key })),
};

export const splitCopies = {
  snapshot: { to: 'nas-1' },
  resources: { to: 'vault', encryptFor: ['recovery-1', 'recovery-2'] },
};

interface Around {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** Loads a configuration text that lies at /etc/bot/config.yaml, among `files` (by absolute path). */
export function loadText(text: string, { env = tokens, files = {} }: Around = {}): Promise<Config> {
  const all = new Map(Object.entries({ '/etc/bot/config.yaml': text, ...files }));
  return loadConfig({
    file: '/etc/bot/config.yaml',
    env,
    readFile: async (path) => {
      const found = all.get(path);
      if (found === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      return found;
    },
  });
}

/** The mistakes of a text that must not load, one line each. */
export async function mistakesIn(text: string, around: Around = {}): Promise<readonly string[]> {
  try {
    await loadText(text, around);
  } catch (error) {
    assert(error instanceof ConfigError, String(error));
    return error.mistakes.map(mistakeText);
  }
  return assert.fail('loaded without a mistake');
}

/** A configuration without mistakes; `changes` replaces top-level keys, `cluster` adds to its only cluster. */
export function configText(changes: object = {}, cluster: object = {}): string {
  return JSON.stringify({
    slack: { botToken: '${SLACK_BOT_TOKEN}', appToken: '${SLACK_APP_TOKEN}' },
    records: { file: 'records.db' },
    people: [
      { slack: 'U0000000001', user: 'requester' },
      { slack: 'U0000000002', user: 'approver' },
      { slack: 'U0000000003', user: 'viewer', groups: ['watchers'] },
    ],
    clusters: [{ name: 'prod', connect: { inCluster: true }, channel: 'C0000000001', ...cluster }],
    ...changes,
  });
}
