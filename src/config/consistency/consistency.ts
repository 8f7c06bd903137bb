import { resolve } from 'node:path';
import { type Collected, checkUnique, isSaid, listAt, rightParts, saidAt } from '../file/findings.ts';
import type { ConfigWarning, Mistake, Path } from '../file/mistake.ts';
import type { Source } from '../file/source.ts';
import { withDefaults } from '../file/with-defaults.ts';
import { type ClusterEntry, clusterSchema } from '../schema/cluster-schema.ts';
import { type PersonEntry, personSchema, slackSchema, standardHttpPort } from '../schema/schema.ts';
import { signingSecretName } from '../schema/values.ts';
import { checkCopies, checkCopyNames, checkDestinations, checkPlaceOwners } from './consistency-copies.ts';
import { checkPeopleNamed } from './consistency-people.ts';
import { checkTools } from './consistency-tools.ts';
import { checkBackedUpBy, checkSchedule, checkWorkingHours } from './consistency-watch.ts';

export interface Consistency {
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly ConfigWarning[];
}

/**
 * What no single key shows: names given twice, unreachable quorums, settings that contradict each other.
 * Looks at every value that is right in itself, however wrong the rest of the file is: judging what would replace a wrong
 * one would mislead. `directory`: where relative paths start.
 */
export function checkConsistency(source: Source, directory: string): Consistency {
  const all: Collected = { source, mistakes: [], warnings: [] };
  checkSlack(all);
  checkTools(all);
  const places = checkDestinations(all, directory);
  const people = listAt(source.value, ['people']).map((raw) => rightParts(personSchema.shape, raw));
  const clusters = listAt(withDefaults(source.value), ['clusters']).map((raw) =>
    rightParts(clusterSchema.shape, raw),
  );

  const slackUsers = people.map((each) => each.slack);
  checkPlaceOwners(all, places, slackUsers);
  const names = clusters.map((each) => each.name);
  checkUnique(all, 'people', 'slack', slackUsers);
  checkSpelling(
    all,
    people.map((each) => each.user),
  );
  checkUnique(all, 'clusters', 'name', names);
  checkUnique(
    all,
    'clusters',
    'connect',
    clusters.map((each) => connectionText(each, directory)),
  );
  clusters.forEach((cluster, index) => {
    const path = ['clusters', index];
    checkConnect(all, [...path, 'connect'], cluster.connect);
    checkPlaceAndTime(all, path, cluster);
    checkPeopleNamed(all, path, people);
    checkApproval(all, path, cluster, people);
    checkDeadlines(all, path, cluster);
    checkWorkingHours(all, path, cluster);
    checkSchedule(all, path, cluster);
    checkBackedUpBy(all, path, cluster);
    checkCopyNames(all, path, places);
    checkCopies(all, path, cluster, places);
  });
  return { mistakes: all.mistakes, warnings: once(all.warnings) };
}

/**
 * Cluster users are compared letter by letter, as the cluster does: two spellings of one name would be two people, and one
 * person could approve their own request. The same spelling twice is one person with two accounts in Slack.
 */
function checkSpelling({ source, mistakes }: Collected, users: readonly (string | undefined)[]): void {
  users.forEach((user, index) => {
    if (user === undefined) return;
    const first = users.findIndex((each) => each?.toLowerCase() === user.toLowerCase());
    const other = users[first];
    if (other === user) return;
    const line = source.lineOf(['people', first, 'user']);
    const found = `${user}, which differs only in case from people[${first}].user (${other}, line ${line})`;
    mistakes.push(source.mistake(['people', index, 'user'], 'one spelling of each cluster user', found));
  });
}

/** Each way of delivery has one secret of its own; without it Slack could not be distinguished from any other sender. */
function checkSlack({ source, mistakes }: Collected): void {
  const slack = source.at(['slack']);
  if (slack === null || typeof slack !== 'object' || Array.isArray(slack)) return;
  const { mode } = rightParts(slackSchema.shape, slack);
  if (mode === undefined) return;
  const [key, name] =
    mode === 'http'
      ? ['signingSecret', `${signingSecretName()}, which mode http needs`]
      : ['appToken', 'the app-level token (starts with xapp-), which mode socket needs'];
  if (source.at(['slack', key]) === undefined) {
    mistakes.push(source.mistake(['slack', key], `${name}, as \${NAME} or {file: PATH}`, 'nothing'));
  }
  const health = source.at(['health', 'port']);
  const port = source.at(['slack', 'http', 'port']) ?? standardHttpPort;
  if (mode === 'http' && health === port) {
    mistakes.push(source.mistake(['health', 'port'], 'another port than Slack’s requests', `${port} twice`));
  }
}

/** The same for the same file, however its path is written. */
function connectionText({ connect }: Partial<ClusterEntry>, directory: string): string | undefined {
  if (connect?.inCluster) return 'in-cluster';
  return connect?.kubeconfig === undefined
    ? undefined
    : JSON.stringify([resolve(directory, connect.kubeconfig), connect.context]);
}

function checkConnect(all: Collected, path: Path, connect: ClusterEntry['connect'] | undefined): void {
  if (connect === undefined) return;
  const { kubeconfig, context, inCluster } = connect;
  const expected = 'either kubeconfig: PATH (and context: NAME) or inCluster: true';
  if (kubeconfig === undefined && inCluster === undefined) {
    all.mistakes.push(all.source.mistake(path, expected, 'neither'));
  } else if (inCluster && (kubeconfig !== undefined || context !== undefined)) {
    all.mistakes.push(all.source.mistake(path, expected, 'both'));
  }
}

function checkPlaceAndTime(all: Collected, path: Path, { channel, offPeak }: Partial<ClusterEntry>): void {
  const { source } = all;
  if (channel === undefined && !isSaid(source, path, ['channel'])) {
    all.mistakes.push(
      source.mistake([...path, 'channel'], 'the id of a Slack channel, here or under defaults', 'nothing'),
    );
  }
  // A window that is wrong in itself needs a time zone as well.
  const said = source.at(saidAt(source, path, ['offPeak']));
  if (said === undefined || said === null || said === 'none') return;
  if (offPeak !== undefined && offPeak.fromMinute === offPeak.toMinute) {
    const place = saidAt(source, path, ['offPeak']);
    all.mistakes.push(source.mistake(place, 'two different times', 'the same time twice'));
  }
  if (!isSaid(source, path, ['timeZone'])) {
    all.mistakes.push(
      source.mistake(
        [...path, 'timeZone'],
        'a time zone for the off-peak window, here or under defaults',
        'nothing',
      ),
    );
  }
}

function checkApproval(
  all: Collected,
  path: Path,
  { approval }: Partial<ClusterEntry>,
  people: readonly Partial<PersonEntry>[],
): void {
  if (approval === undefined) return;
  const { source } = all;
  const { approvers, needed, selfApproval } = approval;
  const mapped = people.filter((each) => each.slack !== undefined && each.user !== undefined);
  if (selfApproval) {
    const text = 'requesters may approve their own backups: a stolen Slack account needs no second one';
    all.warnings.push(source.warning(saidAt(source, path, ['approval', 'selfApproval']), text));
  }
  // People whose entry is wrong are named as such; counting without them would mislead.
  if (mapped.length < people.length || mapped.length === 0) return;

  const voices = mapped.filter((each) => approvers.length === 0 || approvers.includes(String(each.slack)));
  const possible = mapped.map((requester) => {
    const others = voices.filter((each) => selfApproval || each.user !== requester.user);
    return { requester, count: new Set(others.map((each) => each.user)).size };
  });
  const most = Math.max(...possible.map((each) => each.count));
  const without = possible.filter((each) => each.count < needed);
  const neededAt = saidAt(source, path, ['approval', 'needed']);
  if (most < needed) {
    const who = selfApproval ? 'people' : 'people beside the requester';
    all.mistakes.push(
      source.mistake(
        neededAt,
        `no more approvals than there are ${who} who may give them (${most})`,
        String(needed),
      ),
    );
  } else if (without.length > 0) {
    const names = without.map((each) => each.requester.slack).join(', ');
    all.warnings.push(
      source.warning(
        neededAt,
        `requests of ${names} can never get ${needed} ${needed === 1 ? 'approval' : 'approvals'}`,
      ),
    );
  }
}

function checkDeadlines(
  all: Collected,
  path: Path,
  { session, requestDeadline = 0 }: Partial<ClusterEntry>,
): void {
  if (session === undefined) return;
  const { commandDeadlineMs, startDeadlineMs, scriptDeadlineMs } = session;
  const shorter = { commandDeadline: commandDeadlineMs, startDeadline: startDeadlineMs };
  for (const [key, ms] of Object.entries(shorter)) {
    if (ms <= scriptDeadlineMs) continue;
    const place = saidAt(all.source, path, ['session', key]);
    all.warnings.push(all.source.warning(place, 'longer than scriptDeadline: are the two mixed up?'));
  }
  if (requestDeadline > startDeadlineMs) {
    const place = saidAt(all.source, path, ['requestDeadline']);
    all.warnings.push(
      all.source.warning(place, 'longer than session.startDeadline: one slow request uses it up'),
    );
  }
}

/** What is set under `defaults` shows at every cluster, but is one warning. */
function once<Entry extends { key: string }>(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Map(entries.map((each) => [JSON.stringify(each), each]));
  return [...seen.values()];
}
