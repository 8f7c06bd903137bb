import { hostname, userInfo } from 'node:os';
import { openedDestination } from '../config/build/opened-destination.ts';
import { loadConfigOfTool, type ToolConfig } from '../config/build/process.ts';
import { errorLines } from '../config/file/mistake.ts';
import { unknownName } from '../domain/text/nearest.ts';
import { openPlaceRecords, type PlaceRecords } from '../records/places/sqlite-places.ts';
import { openDestinations } from '../storage/open-destinations.ts';
import { systemClock } from '../system/clock.ts';
import { readWords } from '../system/command-words.ts';
import { randomIds } from '../system/ids.ts';
import { adopt, seenPlaces } from '../workflow/places/adopt-place.ts';
import type { PlaceDeps } from '../workflow/places/place-identity.ts';
import { auditLine, contentsLine, placeLine } from './lines.ts';

const usage = `usage: npm run destination -- list [CONFIG]
       npm run destination -- adopt NAME [CONFIG] [--yes]
       npm run destination -- audit NAME [CONFIG]
(CONFIG: config.yaml in the current directory unless given; all of them work beside the running bot)`;

const say = (line: string) => process.stdout.write(`${line}\n`);
const clock = systemClock();

/** Exit 0: done, or all are known; 1: not done, or one is not the known place; 2: usage error, or the destination did not answer. */
async function main(args: readonly string[]): Promise<number> {
  const options = { yes: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals } = readWords({ args: [...args], options, allowPositionals: true }, usage);
  if (values.help) {
    say(usage);
    return 0;
  }
  const [command, ...rest] = positionals;
  const takesName = command === 'adopt' || command === 'audit';
  const [name = '', file = 'config.yaml', ...more] = takesName ? rest : ['', ...rest];
  if ((command !== 'list' && !takesName) || more.length > 0 || (takesName && name === ''))
    throw new Error(usage);
  const config = await loadConfigOfTool(file);
  const names = config.destinations.map((each) => each.name);
  if (takesName && !names.includes(name)) throw new Error(unknownName('destination', name, names));
  const records = await openPlaceRecords({ file: config.recordsFile });
  try {
    if (command === 'list') return await list(depsOf(config, records), names);
    if (command === 'audit') return await audit(records, name);
    return await adoptPlace(depsOf(config, records), name, values.yes === true);
  } finally {
    await records.close();
  }
}

function depsOf(config: ToolConfig, records: PlaceRecords): PlaceDeps {
  return {
    offCluster: { destinations: openDestinations(config.destinations.map(openedDestination), clock) },
    records,
    fleet: config.fleet,
    ids: randomIds(),
    clock,
    log: { info: () => undefined, warn: () => undefined },
    wake: () => undefined,
    self: { botName: `etcd-backup (npm run destination on ${hostname()})` },
  };
}

async function list(deps: PlaceDeps, names: readonly string[]): Promise<number> {
  const places = await seenPlaces(deps, names);
  for (const each of places) say(placeLine(each));
  if (places.length === 0) say('the configuration has no destinations');
  return places.every(({ state }) => state === 'known' || state === 'new') ? 0 : 1;
}

async function audit(records: PlaceRecords, name: string): Promise<number> {
  const { lines, chain } = await records.placeAudit(name);
  for (const each of lines) say(auditLine(each));
  say(
    chain.ok
      ? `${lines.length} lines, as they were written`
      : `line ${chain.brokenAt} is not as it was written`,
  );
  return chain.ok ? 0 : 1;
}

/** A container may run as a user that its system has no name for. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}

async function adoptPlace(deps: PlaceDeps, destination: string, yes: boolean): Promise<number> {
  // Anyone who can read the configuration and write the records decides; the audit names the account.
  const actor = {
    kind: 'person',
    slackUser: 'terminal',
    clusterUser: `${accountName()}@${hostname()}`,
  } as const;
  const first = await adopt(deps, { destination, confirmed: undefined }, actor);
  const answer =
    yes && first.outcome === 'confirm-needed'
      ? await adopt(deps, { destination, confirmed: first.fingerprint }, actor)
      : first;
  switch (answer.outcome) {
    case 'adopted':
      say(`${answer.label} is the known place of ${destination} now; its marker was ${answer.marker}`);
      say(contentsLine(answer.contents));
      say('writing goes on with the next round or the next backup');
      return 0;
    case 'known-already':
      say(`${answer.label} already is the known place of ${destination}; nothing was changed`);
      return 0;
    case 'confirm-needed':
      say(`${answer.label} does not look like ${destination} (${answer.state}); nothing was adopted`);
      say(contentsLine(answer.contents));
      say('mount or configure the right place; if new backups are to go to exactly this one, add --yes');
      return 1;
    case 'marker-unreadable':
      say(
        `at ${answer.label} etcd-backup-destination.json is not a marker (${answer.detail}); nothing was adopted`,
      );
      say('move that file away by hand, then adopt again: the bot never rewrites it');
      return 1;
    case 'place-unreachable':
      say(`${destination} could not be looked at, nothing was adopted: ${answer.detail}`);
      return 1;
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  for (const line of errorLines(error)) process.stderr.write(`${line}\n`);
  return 2;
});
