import type { TestContext } from 'node:test';
import bolt from '@slack/bolt';
import { startWorkspace, type Workspace, type WorkspaceOptions } from '../../../sandbox/slack/workspace.ts';

export type BoltApp = InstanceType<typeof bolt.App>;

/** Errors of the client library are looked at through results; its own log would only be noise here. */
export const silentLog = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => bolt.LogLevel.ERROR,
  setName() {},
};

export interface Scene {
  readonly workspace: Workspace;
  readonly app: BoltApp;
}

export async function workspaceFor(t: TestContext, options: WorkspaceOptions = {}): Promise<Workspace> {
  const workspace = await startWorkspace({ seed: 'test', ...options });
  t.after(() => workspace.close());
  return workspace;
}

/** A real Bolt app over Socket Mode; call `start` once its listeners are there. */
export async function socketScene(t: TestContext, options: WorkspaceOptions = {}): Promise<Scene> {
  const workspace = await workspaceFor(t, options);
  const app = new bolt.App({
    token: workspace.botToken,
    appToken: workspace.appToken,
    socketMode: true,
    logger: silentLog,
    clientOptions: {
      slackApiUrl: workspace.apiUrl,
      retryConfig: { retries: 0 },
      timeout: 5_000,
      rejectRateLimitedCalls: true,
    },
  });
  t.after(() => app.stop());
  return { workspace, app };
}

export function section(text: string) {
  return { type: 'section' as const, text: { type: 'mrkdwn' as const, text } };
}

export function button(text: string, actionId: string, value = '') {
  return {
    type: 'button' as const,
    text: { type: 'plain_text' as const, text },
    action_id: actionId,
    ...(value === '' ? {} : { value }),
  };
}

/** Slack's refusal code of a rejected Web API call. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const data = (error as { data?: { error?: string } }).data;
    return data?.error ?? String((error as Error).message);
  }
  return 'ok';
}
