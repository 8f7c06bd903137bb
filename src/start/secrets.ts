import type { Config, SlackDelivery } from '../config/build/config.ts';
import type { DeliveryOptions, SlackOptions } from '../slack/app/app.ts';

/** SECRET */
export function slackOptions({
  slack,
  proxy,
}: Pick<Config, 'slack' | 'proxy'>): Pick<
  SlackOptions,
  'botToken' | 'delivery' | 'apiUrl' | 'teamId' | 'proxy'
> {
  const { apiUrl, teamId } = slack;
  return {
    botToken: slack.botToken.reveal(),
    delivery: revealed(slack.delivery),
    apiUrl,
    teamId,
    proxy: proxy.settings,
  };
}

function revealed(delivery: SlackDelivery): DeliveryOptions {
  return delivery.mode === 'http'
    ? { ...delivery, signingSecret: delivery.signingSecret.reveal() }
    : { ...delivery, appToken: delivery.appToken.reveal() };
}
