import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { canDrill, type OffClusterPlaces, offClusterConfiguration } from './off-cluster.ts';

/** Changes to the configuration that the sandbox's bot reads; merged over its own. */
export type ConfigChange = Readonly<Record<string, unknown>>;

/** The bot's configuration file, as far as worlds change it. */
export interface ConfigFile {
  records: Record<string, unknown>;
  people: { slack: string; user: string; groups?: string[] }[];
  clusters: Record<string, unknown>[];
  /** Absent: all files stay on the node. */
  destinations?: Record<string, unknown>[];
  [key: string]: unknown;
}

export interface ConfigurationParts {
  readonly clusterName: string;
  readonly apiUrl: string;
  readonly clientPath: string;
  readonly people: Readonly<Record<'requester' | 'approver' | 'viewer', string>>;
  readonly channel: string;
  readonly timeZone: string;
  readonly kubeconfig: string;
  readonly recordsFile: string;
  readonly offCluster: OffClusterPlaces | undefined;
  readonly language: 'en' | 'ko';
  /** Where Slack delivers to; undefined: Socket Mode. */
  readonly http: { readonly port: number; readonly path: string } | undefined;
  readonly drill: boolean;
  readonly clusterConfig: ConfigChange | undefined;
  readonly config: ConfigChange | undefined;
}

export function worldConfiguration(parts: ConfigurationParts): ConfigFile {
  const { people, offCluster, drill } = parts;
  const off =
    offCluster && offClusterConfiguration(offCluster, { drill: drill && canDrill(process.env.PATH) });
  return {
    slack: { ...slackConfiguration(parts.http), apiUrl: parts.apiUrl },
    language: parts.language,
    // Short, so that a bot that was killed in the sandbox is soon followed by the next.
    records: { file: parts.recordsFile, lease: '2s' },
    client: { path: parts.clientPath },
    people: (['requester', 'approver', 'viewer'] as const).map((user) => ({ slack: people[user], user })),
    clusters: [
      {
        name: parts.clusterName,
        connect: { kubeconfig: parts.kubeconfig },
        channel: parts.channel,
        timeZone: parts.timeZone,
        offPeak: { from: '00:00', to: '23:59' },
        ...off?.cluster,
        ...parts.clusterConfig,
      },
    ],
    ...off?.top,
    ...parts.config,
  };
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: references that the bot's configuration resolves
function slackConfiguration(http: ConfigurationParts['http']): object {
  const botToken = '${SLACK_BOT_TOKEN}';
  if (http === undefined) return { botToken, appToken: '${SLACK_APP_TOKEN}' };
  return { mode: 'http', botToken, signingSecret: '${SLACK_SIGNING_SECRET}', http };
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: references that the bot's configuration resolves

export async function writeConfiguration(file: string, config: ConfigFile): Promise<void> {
  await writeFile(file, stringify(config), { mode: 0o600 });
}

/** Changes the file that the next bot reads. The answer puts it back. */
export async function reconfigure(
  file: string,
  change: (config: ConfigFile) => void,
): Promise<() => Promise<void>> {
  const before = await readFile(file, 'utf8');
  const config = parse(before) as ConfigFile;
  change(config);
  await writeConfiguration(file, config);
  return () => writeFile(file, before);
}
