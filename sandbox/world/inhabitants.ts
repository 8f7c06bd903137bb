import type { Workspace } from '../slack/workspace.ts';

/** Who is in every world, by the cluster user that they are: `stranger` (@newcomer) is none. */
export interface People {
  readonly requester: string;
  readonly approver: string;
  readonly viewer: string;
  readonly stranger: string;
}

/** `platform` is the cluster's channel. */
export interface Channels {
  readonly platform: string;
  readonly elsewhere: string;
}

export function addInhabitants(
  workspace: Workspace,
  locale: string,
): { readonly people: People; readonly channels: Channels } {
  const add = (name: string) => workspace.addUser({ name, locale }).id;
  const people: People = {
    requester: add('requester'),
    approver: add('approver'),
    viewer: add('viewer'),
    stranger: add('newcomer'),
  };
  const members = Object.values(people);
  const platform = workspace.addChannel({ name: 'platform-prod', members });
  workspace.invite(platform.id, 'app');
  const elsewhere = workspace.addChannel({ name: 'general', members });
  return { people, channels: { platform: platform.id, elsewhere: elsewhere.id } };
}
