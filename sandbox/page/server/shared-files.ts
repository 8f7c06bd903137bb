import type { Workspace } from '../../slack/workspace.ts';
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
  if (file === undefined)
    return {
      status: 404,
      type: 'text/plain; charset=utf-8',
      body: 'No file that this person sees has this address.',
    };
  const saved = url.searchParams.has('save');
  const type = file.name.endsWith('.png') ? 'image/png' : 'text/plain; charset=utf-8';
  const name = encodeURIComponent(file.name);
  return {
    status: 200,
    type: saved ? 'application/octet-stream' : type,
    body: file.bytes,
    headers: { 'content-disposition': `${saved ? 'attachment' : 'inline'}; filename*=UTF-8''${name}` },
  };
}
