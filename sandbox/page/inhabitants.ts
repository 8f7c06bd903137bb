import type { ConfigFile, World } from '../world.ts';

/**
 * People beside those of every world: @oncall, a second cluster-admin who may act alone in an emergency, and @guest, an account of
 * another company that no one maps to a cluster user.
 */
export function addPagePeople(config: ConfigFile, { workspace, cluster, people, channels }: World): void {
  const { locale } = workspace.everyone().find(({ id }) => id === people.requester) ?? {};
  const add = (name: string, isRestricted: boolean) => {
    const person = workspace.addUser({ name, isRestricted, ...(locale === undefined ? {} : { locale }) });
    workspace.invite(channels.platform, person);
    if (!isRestricted) workspace.invite(channels.elsewhere, person);
    return person.id;
  };
  const oncall = add('oncall', false);
  add('guest', true);
  const { objects } = cluster;
  objects.put({
    apiVersion: 'user.openshift.io/v1',
    kind: 'User',
    metadata: { name: 'oncall' },
    fullName: 'oncall',
    identities: ['ldap:oncall'],
  });
  objects.patch('groups', 'cluster-admins', { users: ['approver', 'oncall'] });
  config.people.push({ slack: oncall, user: 'oncall' });
  for (const each of config.clusters) {
    each.approval = {
      ...(each.approval as object),
      breakGlass: { people: [oncall], owners: [people.viewer] },
    };
  }
}
