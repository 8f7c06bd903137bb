import { asObject, asText, objectsIn } from '../../slack/json.ts';
import type { Message } from '../../slack/model.ts';
import type { View } from '../../slack/views.ts';
import type { Workspace } from '../../slack/workspace.ts';
import type { PageMessage, PageNotice, PageState, PageView } from '../protocol.ts';

type Seen = Pick<PageState, 'people' | 'channels' | 'messages' | 'notices' | 'views'>;

/** The workspace as this one person sees it: no channel that they are not in, no private answer to another person. */
export function seenState(workspace: Workspace, user: string): Seen {
  const channels = workspace.conversations(user);
  const modal = workspace.modals(user).at(-1);
  const home = workspace.home(user);
  return {
    people: Object.fromEntries(
      workspace
        .everyone()
        .map(({ id, name, isBot, isRestricted, isUltraRestricted }) => [
          id,
          { name, isBot, isGuest: isRestricted || isUltraRestricted },
        ]),
    ),
    channels: Object.fromEntries(
      channels.map(({ id, name, kind, archived, limit }) => [id, { name, kind, archived, limit }]),
    ),
    messages: Object.fromEntries(
      workspace.seenBy(user).map((each) => [`${each.channel}/${each.ts}`, pageMessage(each)]),
    ),
    notices: noticesFor(workspace, user),
    views: { ...(modal && { modal: pageView(modal) }), ...(home && { home: pageView(home) }) },
  };
}

function pageMessage(message: Message): PageMessage {
  const { channel, ts, user, threadTs, broadcast, text, blocks, files, markedEdited } = message;
  return {
    channel,
    ts,
    user,
    threadTs,
    broadcast,
    isPrivate: message.visibleTo !== undefined,
    text,
    blocks,
    files: files.map(({ id, name, title, bytes }) => ({
      id,
      name,
      title,
      bytes: bytes.length,
      isPicture: name.endsWith('.png'),
    })),
    markedEdited,
    isLocked: message.threadLocked === true,
  };
}

function noticesFor(workspace: Workspace, user: string): Readonly<Record<string, PageNotice>> {
  const notices: Record<string, PageNotice> = {};
  for (const [index, { kind, who, channel, at, text }] of workspace.entries().entries()) {
    if (kind === 'failure' && who === user && channel !== undefined) notices[index] = { channel, at, text };
  }
  return notices;
}

function pageView(view: View): PageView {
  const words = (key: string) => asText(asObject(view[key]).text);
  return {
    id: view.id,
    title: words('title'),
    submit: words('submit'),
    close: words('close'),
    blocks: objectsIn(view.blocks),
  };
}
