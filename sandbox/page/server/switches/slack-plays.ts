import type { PostingLimit } from '../../../slack/model.ts';
import type { TextLimits } from '../../../slack/text-limits.ts';
import type { World } from '../../../world.ts';
import type { switchGroups } from '../../switch-names.ts';
import { type Play, together } from './play.ts';

const always = Number.POSITIVE_INFINITY;
/** What is over at once stays on so long, to be seen. */
const shownMs = 1_500;

/** Slack and the way to it, and what the workspace and its admins enforce. */
export const slackPlays: Readonly<Record<(typeof switchGroups)['slack' | 'rules'][number], Play>> = {
  'slack-limits': ({ world }) =>
    world.inject({ slack: { method: '*', kind: 'ratelimited', retryAfterS: 3, times: always } }),
  'slack-every-second'({ world }) {
    let calls = 0;
    const when = () => calls++ % 2 === 1;
    return world.inject({ slack: { method: '*', kind: 'ratelimited', times: always, when } });
  },
  'slack-down': ({ world }) =>
    world.inject({ slack: { method: '*', kind: 'http', status: 503, times: always } }),
  async 'slack-answers-lost'({ world }) {
    const parts = ['chat.postMessage', 'chat.update'].map((method) =>
      world.workspace.faults.add({ method, kind: 'lost-response', times: 2 }),
    );
    return together(parts);
  },
  'slack-frozen': ({ world }) =>
    world.inject({ slack: { method: 'chat.postMessage', kind: 'freeze', times: 1 } }),
  'socket-refreshed'({ world }, off) {
    world.workspace.sockets.disconnect('refresh_requested');
    setTimeout(off, shownMs);
    return () => undefined;
  },
  'token-revoked'({ world: { workspace }, bot }) {
    workspace.revokeTokens();
    workspace.sockets.drop();
    return () =>
      bot.replace((current) => current.stop(), { between: async () => workspace.revokeTokens(false) });
  },
  // Slack's own measure.
  'posting-rate'({ world: { workspace } }) {
    workspace.setRateLimit({ burst: 1, perSecond: 1 });
    return () => workspace.setRateLimit({ burst: 1_000, perSecond: 100 });
  },
  'posting-limited': limited('everything'),
  'read-only': limited('read_only_channel'),
  'threads-only': limited('thread_only_channel'),
  'no-threads': limited('non_threadable_channel'),
  'thread-locked'({ world }) {
    const { ts } = newestCard(world);
    const lock = (locked: boolean) => world.workspace.lockThread(world.channels.platform, ts, locked);
    lock(true);
    return () => {
      // It may have been deleted meanwhile.
      if (world.cards().some((card) => card.ts === ts)) lock(false);
    };
  },
  archived({ world: { workspace, channels } }) {
    workspace.archive(channels.platform);
    return () => workspace.unarchive(channels.platform);
  },
  'not-in-channel'({ world: { workspace, channels } }) {
    workspace.removeMember(channels.platform, 'app');
    return () => workspace.invite(channels.platform, 'app');
  },
  'card-deleted'({ world }, off) {
    world.workspace.deleteMessage(world.channels.platform, newestCard(world).ts, world.people.approver);
    setTimeout(off, shownMs);
    return () => undefined;
  },
  'edit-window'({ world: { workspace } }) {
    workspace.setEditWindow(0);
    return () => workspace.setEditWindow(undefined);
  },
  'short-texts': texts({ textBytes: 150 }),
  'short-blocks': texts({ blocksCharacters: 400 }),
  'few-blocks': texts({ blocks: 2 }),
  'any-length': texts({ textBytes: always, blocksCharacters: always, blocks: always }),
  'late-uploads'({ world: { workspace } }) {
    workspace.shareUploadsAfter(15_000);
    return () => workspace.shareUploadsAfter(0);
  },
  'no-messages-tab'({ world: { workspace } }) {
    workspace.setFeatures({ messagesTab: false });
    return () => workspace.setFeatures({ messagesTab: true });
  },
};

function limited(limit: PostingLimit): Play {
  return ({ world: { workspace, channels } }) => {
    workspace.limitPosting(channels.platform, limit);
    return () => workspace.limitPosting(channels.platform, undefined);
  };
}

function texts(limits: Partial<TextLimits>): Play {
  return ({ world: { workspace } }) => {
    workspace.setTextLimits(limits);
    return () => workspace.setTextLimits({});
  };
}

function newestCard(world: World) {
  const card = world.cards().at(-1);
  if (!card) throw new Error('There is no card in the channel yet. Ask for a backup first.');
  return card;
}
