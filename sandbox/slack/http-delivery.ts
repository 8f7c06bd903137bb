import { createHmac } from 'node:crypto';
import type { Acknowledgement, Envelope, Transport } from './delivery.ts';
import { asText, type Json, type JsonObject } from './json.ts';

interface Options {
  readonly requestUrl: string;
  readonly signingSecret: string;
  readonly now: () => number;
  readonly ackTimeoutMs: number;
}

/** Slack's v0 signature over the timestamp in seconds and the raw body. */
export function signatureOf(secret: string, timestampS: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestampS}:${body}`).digest('hex')}`;
}

/** Delivers by signed POST to the app's request URL, body and content type as Slack sends each kind. */
export function createHttpDelivery(options: Options): Transport & { verifyUrl(): Promise<void> } {
  async function post(
    body: string,
    contentType: string,
    extra: Record<string, string>,
  ): Promise<Acknowledgement> {
    const timestamp = String(Math.floor(options.now() / 1000));
    const headers = {
      'content-type': contentType,
      'user-agent': 'Slackbot 1.0 (sandbox)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signatureOf(options.signingSecret, timestamp, body),
      ...extra,
    };
    try {
      const signal = AbortSignal.timeout(options.ackTimeoutMs);
      const response = await fetch(options.requestUrl, {
        method: 'POST',
        headers,
        body,
        signal,
        redirect: 'error',
      });
      const text = await response.text();
      if (response.status !== 200) return { status: 'refused', body: response.status };
      return { status: 'acked', ...ackBody(text, response.headers.get('content-type') ?? '') };
    } catch (error) {
      const late = error instanceof Error && error.name === 'TimeoutError';
      return { status: late ? 'timeout' : 'unreachable' };
    }
  }

  return {
    deliver(envelope, attempt) {
      const [body, contentType] = encoded(envelope);
      const retry = { 'x-slack-retry-num': String(attempt), 'x-slack-retry-reason': 'http_timeout' };
      return post(body, contentType, attempt > 0 ? retry : {});
    },
    async verifyUrl() {
      const challenge = 'is-this-the-app';
      const body = JSON.stringify({ type: 'url_verification', token: 'legacy', challenge });
      const answer = await post(body, 'application/json', {});
      const echoed =
        typeof answer.body === 'object' ? (answer.body as JsonObject | null)?.challenge : answer.body;
      if (answer.status === 'acked' && asText(echoed) === challenge) return;
      throw new Error(
        `Verifying ${options.requestUrl}: expected 200 with the challenge, found ${answer.status} ${JSON.stringify(answer.body)}. Start the app with this workspace's signing secret first.`,
      );
    },
  };
}

function encoded(envelope: Envelope): [body: string, contentType: string] {
  const form = 'application/x-www-form-urlencoded';
  if (envelope.type === 'events_api') return [JSON.stringify(envelope.payload), 'application/json'];
  if (envelope.type === 'interactive') {
    return [new URLSearchParams({ payload: JSON.stringify(envelope.payload) }).toString(), form];
  }
  const fields = Object.entries(envelope.payload).map(([key, value]): [string, string] => [
    key,
    String(value),
  ]);
  return [new URLSearchParams(fields).toString(), form];
}

function ackBody(text: string, contentType: string): { body?: Json } {
  if (text === '') return {};
  return { body: contentType.startsWith('application/json') ? (JSON.parse(text) as Json) : { text } };
}
