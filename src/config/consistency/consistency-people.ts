import { type Collected, listAt, saidAt } from '../file/findings.ts';
import type { Path } from '../file/mistake.ts';
import type { PersonEntry } from '../schema/schema.ts';

type People = readonly Partial<PersonEntry>[];

/** The lists of people in a cluster's settings, entry by entry: they are looked at however wrong the policy around them is. */
export function checkPeopleNamed(all: Collected, path: Path, people: People): void {
  checkApprovers(all, path, people);
  checkBreakGlass(all, path, people);
  const owners = saidAt(all.source, path, ['owners']);
  warnUnknown(
    all,
    owners,
    people,
    'this owner is not under people: they are notified, but cannot use the bot',
  );
}

function checkApprovers(all: Collected, path: Path, people: People): void {
  const { source, mistakes } = all;
  const place = saidAt(source, path, ['approval', 'approvers']);
  const approvers = listAt(source.value, place);
  approvers.forEach((approver, index) => {
    if (typeof approver !== 'string' || approvers.indexOf(approver) === index) return;
    const expected = 'each approver once';
    mistakes.push(source.mistake([...place, index], expected, 'one who is in the list already'));
  });
  warnUnknown(all, place, people, 'this approver is not under people, so they cannot approve');
}

function checkBreakGlass(all: Collected, path: Path, people: People): void {
  const { source, mistakes, warnings } = all;
  const glass = saidAt(source, path, ['approval', 'breakGlass']);
  const [alone, owners] = [
    listAt(source.value, [...glass, 'people']),
    listAt(source.value, [...glass, 'owners']),
  ];
  const text = 'this person is not under people, so they cannot run an emergency backup';
  warnUnknown(all, [...glass, 'people'], people, text);
  if (Array.isArray(source.at([...glass, 'owners'])) && owners.length === 0) {
    mistakes.push(source.mistake([...glass, 'owners'], 'at least one person to notify', 'none'));
    return;
  }
  // One person with two accounts in Slack is one person.
  const userOf = (slack: unknown) => people.find((each) => each.slack === slack)?.user ?? slack;
  alone.forEach((person, index) => {
    if (owners.length === 0 || owners.some((owner) => userOf(owner) !== userOf(person))) return;
    const only = 'this person may run a backup alone and is the only one who is notified: add another owner';
    warnings.push(source.warning([...glass, 'people', index], only));
  });
}

function warnUnknown({ source, warnings }: Collected, place: Path, people: People, text: string): void {
  listAt(source.value, place).forEach((person, index) => {
    if (typeof person !== 'string' || !/^[UW][A-Z0-9]+$/.test(person)) return;
    if (people.some((each) => each.slack === person)) return;
    warnings.push(source.warning([...place, index], text));
  });
}
