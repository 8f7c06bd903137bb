import type { Config, ConfiguredDestination, SlackDelivery } from '../config/config.ts';
import type { DeliveryOptions, SlackOptions } from '../slack/app.ts';

/** SECRET */
export function slackOptions({
  slack,
}: Pick<Config, 'slack'>): Pick<SlackOptions, 'botToken' | 'delivery' | 'apiUrl' | 'teamId'> {
  const { apiUrl, teamId } = slack;
  return { botToken: slack.botToken.reveal(), delivery: revealed(slack.delivery), apiUrl, teamId };
}

/** SECRET: every value that may stand in no log line. */
export function secretsOf(config: Pick<Config, 'slack' | 'destinations'>): readonly string[] {
  const { botToken, delivery } = slackOptions(config);
  return [
    botToken,
    delivery.mode === 'http' ? delivery.signingSecret : delivery.appToken,
    ...config.destinations.flatMap(secretsOfDestination),
  ];
}

function secretsOfDestination(destination: ConfiguredDestination): readonly string[] {
  if (destination.kind === 'directory' || destination.credentials === undefined) return [];
  const { secretAccessKey, sessionToken } = destination.credentials;
  return [secretAccessKey, sessionToken].flatMap((each) => each?.reveal() ?? []);
}

function revealed(delivery: SlackDelivery): DeliveryOptions {
  return delivery.mode === 'http'
    ? { ...delivery, signingSecret: delivery.signingSecret.reveal() }
    : { ...delivery, appToken: delivery.appToken.reveal() };
}
