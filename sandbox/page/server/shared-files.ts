import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Workspace } from '../../slack/workspace.ts';
import type { World } from '../../world.ts';
import type { PageState } from '../protocol.ts';
import type { Answer } from './page-files.ts';

/** `/files/F…?as=U…`: a file that was shared in Slack, for a person who sees a message with it. */
export function sharedFile(workspace: Workspace, url: URL): Answer {
  const id = url.pathname.slice('/files/'.length);
  const user = url.searchParams.get('as') ?? '';
  const isKnown = workspace.everyone().some((person) => person.id === user);
  const file = isKnown
    ? workspace
        .seenBy(user)
        .flatMap(({ files }) => files)
        .find((each) => each.id === id)
    : undefined;
  if (file === undefined) return notThere;
  return fileAnswer(file.name, file.bytes, url);
}

/** `/places/nas-1?path=/…`: a file of a node or a destination, of those that the panel lists. */
export async function placeFile(world: World, places: PageState['places'], url: URL): Promise<Answer> {
  const name = url.pathname.slice('/places/'.length);
  const asked = url.searchParams.get('path');
  const listed = Object.hasOwn(places, name)
    ? places[name]?.files.find((file) => file.path === asked)
    : undefined;
  if (listed === undefined) return notThere;
  const destinations: Readonly<Record<string, string>> = world.offCluster?.destinations ?? {};
  const root = world.plane.nodes.find((node) => node.name === name)?.dir ?? destinations[name] ?? '';
  // It may be gone since it was listed.
  const bytes = await readFile(path.join(root, listed.path)).catch(() => undefined);
  return bytes === undefined ? notThere : fileAnswer(path.basename(listed.path), bytes, url);
}

const notThere: Answer = {
  status: 404,
  type: 'text/plain; charset=utf-8',
  body: 'No file that can be seen here has this address.',
};

/** Shown in the browser where it is a picture or text, saved else or with `save`. */
function fileAnswer(name: string, bytes: Buffer, url: URL): Answer {
  const type = name.endsWith('.png')
    ? 'image/png'
    : /\.(md|json|jsonl|txt)$/.test(name)
      ? 'text/plain; charset=utf-8'
      : undefined;
  const isSaved = type === undefined || url.searchParams.has('save');
  return {
    status: 200,
    type: isSaved ? 'application/octet-stream' : type,
    body: bytes,
    headers: {
      'content-disposition': `${isSaved ? 'attachment' : 'inline'}; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
  };
}
