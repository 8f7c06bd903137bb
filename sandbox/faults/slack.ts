import { until } from '../world.ts';
import type { Acted } from './acted.ts';
import type { Scenario } from './scenario.ts';
import { type FaultStage, ScenarioError } from './stage.ts';

/** Slack: slow, forgetful, closed to the bot. None of it is a failed backup. */

/** One card for one run, and no line of its thread twice. */
function nothingTwice(stage: FaultStage, runId: string): string | undefined {
  const { workspace, channels } = stage.world;
  const [card, ...others] = stage.cards(runId);
  if (!card || others.length > 0) return `the run has ${others.length + (card ? 1 : 0)} cards`;
  const texts = workspace.thread(channels.platform, card.ts).slice(1).map(workspace.renderMessage);
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  return twice === undefined ? undefined : `the thread says twice: ${twice}`;
}

/** The ordinary way, and the card shows the end once and only once. */
async function runOnce(stage: FaultStage): Promise<Acted> {
  const runId = await stage.request();
  await stage.approve(runId);
  await stage.settled(runId);
  await until('the report in the thread', () => stage.messages(runId).join('\n').includes('is complete'));
  const wrong = nothingTwice(stage, runId);
  return wrong === undefined ? { runId } : { runId, wrong };
}

export const slackScenarios: readonly Scenario[] = [
  {
    name: 'slack-rate-limited',
    broken: 'Slack answers every second call with 429 and Retry-After',
    arrange({ world }) {
      let calls = 0;
      world.workspace.faults.add({
        method: '*',
        kind: 'ratelimited',
        retryAfterS: 1,
        times: 6,
        when: () => calls++ % 2 === 1,
      });
    },
    act: runOnce,
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 45 },
  },
  {
    name: 'slack-answer-lost',
    broken: 'Slack posts, but its answers are lost on their way',
    arrange({ world }) {
      for (const method of ['chat.postMessage', 'chat.update'])
        world.workspace.faults.add({ method, kind: 'lost-response', times: 2 });
    },
    act: runOnce,
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 45 },
  },
  {
    name: 'slack-frozen',
    broken: 'Slack takes a message and never answers',
    arrange: ({ world }) => world.workspace.faults.add({ method: 'chat.postMessage', kind: 'freeze' }),
    act: runOnce,
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 60 },
  },
  {
    name: 'slack-not-in-channel',
    broken: 'the bot is not in the cluster’s channel',
    arrange: ({ world }) => world.workspace.removeMember(world.channels.platform, 'app'),
    async act(stage) {
      const runId = await stage.request();
      await stage.settled(runId);
      return { runId };
    },
    expected: { outcome: 'waiting', says: /\/invite @etcd-backup/, withinS: 10 },
  },
  {
    name: 'slack-channel-archived',
    broken: 'the cluster’s channel is archived while the script runs',
    act: (stage) => stage.inMidScript(2, () => stage.world.workspace.archive(stage.world.channels.platform)),
    expected: { outcome: 'succeeded', says: /archived/, withinS: 20 },
  },
  {
    name: 'slack-card-deleted',
    broken: 'somebody deletes the card while the script runs',
    async act(stage) {
      const acted = await stage.inMidScript(2, (runId) => {
        const [card] = stage.cards(runId);
        if (!card) throw new ScenarioError('there is no card to delete');
        stage.world.workspace.deleteMessage(stage.world.channels.platform, card.ts, 'approver');
      });
      return acted;
    },
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 20 },
  },
  {
    name: 'slack-socket-refreshed',
    broken: 'Slack asks for a new connection while the card waits',
    beforeApproval: ({ world }) => world.workspace.sockets.disconnect('refresh_requested'),
    async act(stage) {
      const { workspace } = stage.world;
      const runId = await stage.request();
      workspace.sockets.disconnect('refresh_requested');
      await until('the old connection to end', () => workspace.sockets.count === 0);
      await until('the new connection', () => workspace.sockets.count > 0);
      await stage.approve(runId);
      await stage.settled(runId);
      return { runId };
    },
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 25 },
  },
];

/** Nothing in Slack works after it, so it comes last. */
export const lastScenario: Scenario = {
  name: 'slack-token-revoked',
  broken: 'the app is removed from the workspace: no token is good any more',
  async act(stage) {
    const { workspace } = stage.world;
    workspace.revokeTokens();
    workspace.sockets.drop();
    const { code } = await stage.bot.exited;
    const lines = stage.bot
      .log()
      .split('\n')
      .filter((line) => /Slack refuses the app-level token/.test(line));
    const wrong =
      code === 0
        ? 'the bot ended with exit 0'
        : lines.length === 1
          ? undefined
          : `${lines.length} lines say why`;
    const acted = { runId: undefined, outcome: 'bot ended', logged: messageOf(lines[0]) } as const;
    return wrong === undefined ? acted : { ...acted, wrong };
  },
  expected: { outcome: 'bot ended', says: /Slack refuses the app-level token/, withinS: 15 },
};

/** The words of one line of the log, which is JSON. */
function messageOf(line: string | undefined): string | undefined {
  if (line === undefined) return undefined;
  const { msg } = JSON.parse(line) as { msg?: unknown };
  return typeof msg === 'string' ? msg : undefined;
}
