import { type ClusterEntry, clusterSchema, settingsSchema } from './cluster-schema.ts';
import { checkCopies, checkDestinations } from './consistency-copies.ts';
import { checkSchedule, checkWorkingHours } from './consistency-watch.ts';
import { type Collected, checkUnique, isSaid, listAt, rightParts, saidAt } from './findings.ts';
import type { ConfigWarning, Mistake, Path } from './mistake.ts';
import { type PersonEntry, personSchema, type SlackEntry, slackSchema, standardHttp } from './schema.ts';
import { type Settings, settingsOf } from './settings.ts';
import type { Source } from './source.ts';
import { signingSecretName } from './values.ts';

/** What a schedule is judged by. */
const watchKeys = ['schedule', 'coverage', 'offPeak', 'owners'] as const;

export interface Consistency {
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly ConfigWarning[];
}

/**
 * What no single key shows: names given twice, quorums that nobody can reach, settings that contradict each other.
 * Looks at every value that is right in itself, however wrong the rest of the file is. `directory`: where relative paths start.
 */
export function checkConsistency(source: Source, directory: string): Consistency {
  const all: Collected = { source, mistakes: [], warnings: [] };
  checkSlack(all);
  const places = checkDestinations(all, directory);
  const people = listAt(source, ['people']).map((raw) => rightParts<PersonEntry>(personSchema.shape, raw));
  const defaults = rightParts<ClusterEntry>(settingsSchema.shape, source.at(['defaults']));
  const clusters = listAt(source, ['clusters']).map((raw) =>
    rightParts<ClusterEntry>(clusterSchema.shape, raw),
  );

  const slackUsers = people.map((each) => each.slack);
  const names = clusters.map((each) => each.name);
  checkUnique(all, 'people', 'slack', slackUsers);
  checkUnique(all, 'clusters', 'name', names);
  checkUnique(all, 'clusters', 'connect', clusters.map(connectionText));
  clusters.forEach((cluster, index) => {
    const path = ['clusters', index];
    checkConnect(all, [...path, 'connect'], cluster.connect);
    const settings = settingsOf(cluster, defaults);
    checkPlaceAndTime(all, path, settings);
    // A policy that is wrong in itself is named as such; judging what would stand in for it would mislead.
    if (isReadable(source, path, 'approval', { cluster, defaults })) {
      checkApproval(all, path, settings, people);
    }
    checkDeadlines(all, path, settings);
    checkWorkingHours(all, path, settings);
    if (watchKeys.every((key) => isReadable(source, path, key, { cluster, defaults }))) {
      checkSchedule(all, path, settings);
    }
    if (isReadable(source, path, 'copies', { cluster, defaults })) checkCopies(all, path, settings, places);
  });
  return { mistakes: all.mistakes, warnings: once(all.warnings) };
}

/** Each way of delivery has one secret of its own; without it nobody could tell Slack from anybody else. */
function checkSlack({ source, mistakes }: Collected): void {
  const slack = source.at(['slack']);
  if (slack === null || typeof slack !== 'object' || Array.isArray(slack)) return;
  const { mode } = rightParts<SlackEntry>(slackSchema.shape, slack);
  if (mode === undefined && source.at(['slack', 'mode']) !== undefined) return;
  const [key, name] =
    mode === 'http'
      ? ['signingSecret', `${signingSecretName()}, which mode http needs`]
      : ['appToken', 'the app-level token (starts with xapp-), which mode socket needs'];
  if (source.at(['slack', key]) === undefined) {
    mistakes.push(source.mistake(['slack', key], `${name}, as \${NAME} or {file: PATH}`, 'nothing'));
  }
  const health = source.at(['health', 'port']);
  const port = source.at(['slack', 'http', 'port']) ?? standardHttp.port;
  if (mode === 'http' && health === port) {
    mistakes.push(source.mistake(['health', 'port'], 'another port than Slack’s requests', `${port} twice`));
  }
}

function isReadable(
  source: Source,
  path: Path,
  key: 'approval' | 'copies' | (typeof watchKeys)[number],
  { cluster, defaults }: { cluster: Partial<ClusterEntry>; defaults: Partial<ClusterEntry> },
): boolean {
  const own = cluster[key] !== undefined || source.at([...path, key]) === undefined;
  const shared = defaults[key] !== undefined || source.at(['defaults', key]) === undefined;
  return own && shared;
}

function connectionText({ connect }: Partial<ClusterEntry>): string | undefined {
  if (connect?.inCluster) return 'in-cluster';
  return connect?.kubeconfig === undefined
    ? undefined
    : JSON.stringify([connect.kubeconfig, connect.context]);
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

function checkPlaceAndTime(all: Collected, path: Path, settings: Settings): void {
  const { source } = all;
  if (settings.channel === undefined && !isSaid(source, path, ['channel'])) {
    all.mistakes.push(
      source.mistake([...path, 'channel'], 'the id of a Slack channel, here or under defaults', 'nothing'),
    );
  }
  if (settings.offPeak === undefined || settings.offPeak === 'none') return;
  if (settings.offPeak.from === settings.offPeak.to) {
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
  settings: Settings,
  people: readonly Partial<PersonEntry>[],
): void {
  const { source } = all;
  const { approvers, needed, selfApproval } = settings.approval;
  const place = saidAt(source, path, ['approval', 'approvers']);
  const mapped = people.filter((each) => each.slack !== undefined && each.user !== undefined);
  approvers.forEach((approver, index) => {
    if (approvers.indexOf(approver) !== index) {
      all.mistakes.push(
        source.mistake([...place, index], 'each approver once', 'one who is in the list already'),
      );
    } else if (people.every((each) => each.slack !== approver)) {
      const text = 'this approver is not under people, so they cannot approve';
      all.warnings.push(source.warning([...place, index], text));
    }
  });
  const { breakGlass } = settings.approval;
  if (breakGlass) {
    const glass = saidAt(source, path, ['approval', 'breakGlass']);
    if (breakGlass.owners.length === 0) {
      all.mistakes.push(
        source.mistake([...glass, 'owners'], 'at least one person who hears of it', 'nobody'),
      );
    }
    breakGlass.people.forEach((person, index) => {
      if (people.some((each) => each.slack === person)) return;
      const text = 'this person is not under people, so they cannot run an emergency backup';
      all.warnings.push(source.warning([...glass, 'people', index], text));
    });
  }
  if (selfApproval) {
    const text = 'requesters may approve their own backups: a stolen Slack account needs no second one';
    all.warnings.push(source.warning(saidAt(source, path, ['approval', 'selfApproval']), text));
  }
  // People who are written down wrongly are named as such; counting without them would mislead.
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
    all.warnings.push(source.warning(neededAt, `requests of ${names} can never get ${needed} approvals`));
  }
}

function checkDeadlines(all: Collected, path: Path, settings: Settings): void {
  const { commandDeadline, startDeadline, scriptDeadline } = settings.session;
  for (const [key, ms] of Object.entries({ commandDeadline, startDeadline })) {
    if (ms <= scriptDeadline) continue;
    const place = saidAt(all.source, path, ['session', key]);
    all.warnings.push(all.source.warning(place, 'longer than scriptDeadline: are the two mixed up?'));
  }
  if (settings.requestDeadline > startDeadline) {
    const place = saidAt(all.source, path, ['requestDeadline']);
    all.warnings.push(
      all.source.warning(place, 'longer than session.startDeadline: one slow request uses it up'),
    );
  }
}

/** What stands under `defaults` shows at every cluster, but is one warning. */
function once<Entry extends { key: string }>(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Map(entries.map((each) => [JSON.stringify(each), each]));
  return [...seen.values()];
}
