import { proxySecrets } from '../../domain/redaction/redact.ts';
import { shortestSecret } from '../file/source.ts';
import type { Config, ConfiguredDestination, ConfiguredProxy, SlackDelivery } from './config.ts';

/** A shorter one would be taken out of every text. */
const shortestPassword = 4;

/** SECRET: every value of the configuration that may be written nowhere. */
export function secretsOf({
  slack,
  destinations,
  clientEnv,
  proxy,
}: Pick<Config, 'slack' | 'destinations' | 'clientEnv' | 'proxy'>): readonly string[] {
  return [
    slack.botToken.reveal(),
    secretOfDelivery(slack.delivery),
    ...destinations.flatMap(secretsOfDestination),
    ...clientSecrets({ clientEnv, proxy }),
  ];
}

function secretsOfProxy({ settings }: ConfiguredProxy): readonly string[] {
  const addresses = [settings?.https, settings?.http].flatMap((each) => each?.secrets() ?? []);
  return addresses.filter((each) => each.length >= shortestPassword);
}

/** SECRET: values of the client's environment that may be secrets; `true` or a port would shred every text. */
export function clientSecrets({ clientEnv, proxy }: Pick<Config, 'clientEnv' | 'proxy'>): readonly string[] {
  const values = Object.values(clientEnv).map((value) => value.reveal());
  const inUrls = values.flatMap(proxySecrets).filter((each) => each.length >= shortestPassword);
  return [
    ...new Set([
      ...values.filter((value) => value.length >= shortestSecret),
      ...inUrls,
      ...secretsOfProxy(proxy),
    ]),
  ];
}

function secretOfDelivery(delivery: SlackDelivery): string {
  return (delivery.mode === 'http' ? delivery.signingSecret : delivery.appToken).reveal();
}

/** The access key's id is no secret: taking it out of every text would shred texts. */
function secretsOfDestination(destination: ConfiguredDestination): readonly string[] {
  if (destination.kind === 'directory' || destination.credentials === undefined) return [];
  const { secretAccessKey, sessionToken } = destination.credentials;
  return [secretAccessKey, sessionToken].flatMap((each) => each?.reveal() ?? []);
}

/** SECRET: users and passwords of the proxies that an environment names. */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    /_proxy$/i.test(name) && value !== undefined ? proxySecrets(value) : [],
  );
}
