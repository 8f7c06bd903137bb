import { z } from 'zod';
import type { MemberStatus, MembersReading } from '../../domain/cluster/etcd-members.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { runFailure } from '../../workflow/ports/run-failure-error.ts';
import { membersScript } from './node-scripts.ts';
import { ask, linesToEnd, type NodeShell } from './node-shell.ts';

const command = 'ask etcd for its members';
/** A member that does not answer costs this. */
const memberSeconds = 2;
/** Worth no more: a backup must not wait for it. */
const allSeconds = 8;

/** Throws RunFailureError when etcd did not say; a member that is down is part of the answer. */
export async function etcdMembers(at: NodeShell): Promise<MembersReading> {
  const values = [String(memberSeconds), String(allSeconds)];
  // The first attempt gets half of it: more than etcd takes at most.
  const deadlineMs = Math.min(at.commandDeadlineMs, 2.5 * allSeconds * 1000);
  const question = { command, text: membersScript, values, deadlineMs, read: linesToEnd };
  const askedAt = at.clock.now();
  return parseMembers(await ask(at, question), askedAt);
}

/** Go leaves out what is 0 or false. An id is larger than what a number of JavaScript holds, so it is read as text. */
const status = z.object({
  Endpoint: z.string().max(300),
  Status: z.object({
    header: z.object({ member_id: z.string() }),
    leader: z.string().default('0'),
    raftIndex: z.string().default('0'),
    isLearner: z.boolean().default(false),
  }),
});
const answer = z.array(status).max(64);

export function parseMembers(lines: readonly string[], askedAt: number): MembersReading {
  const json = lines.find((line) => line.startsWith('['));
  const said = lines.flatMap((line) => (line.startsWith('said ') ? [line.slice('said '.length)] : []));
  const silent = said.flatMap((line) => silentMember.exec(line)?.[1] ?? []);
  if (json === undefined) throw unread(whyNot(lines, said));
  return { at: askedAt, answered: statusesIn(json), silent: [...new Set(silent)] };
}

const silentMember = /^Failed to get the status of endpoint (\S{1,300}) /;

function whyNot(lines: readonly string[], said: readonly string[]): string | undefined {
  if (lines.includes('no-container')) {
    return 'no container etcdctl of namespace openshift-etcd runs on this node';
  }
  // The exit code of `timeout`.
  return lines.includes('code 124') ? `no answer in ${allSeconds} s` : said.findLast((line) => line !== '');
}

function statusesIn(json: string): readonly MemberStatus[] {
  const read = answer.safeParse(withNumbersAsText(json));
  if (!read.success)
    throw unread(`its answer has another form: ${z.prettifyError(read.error).slice(0, 200)}`);
  return read.data.map(({ Endpoint, Status: { header, leader, raftIndex, isLearner } }) => {
    const index = Number(raftIndex);
    if (!Number.isSafeInteger(index)) throw unread(`raftIndex ${raftIndex.slice(0, 40)}`);
    return {
      endpoint: Endpoint,
      id: BigInt(header.member_id).toString(16),
      raftIndex: index,
      learner: isLearner,
      leader: leader === header.member_id,
    };
  });
}

/** `JSON.parse` would round an id; the text of each number is what counts. */
function withNumbersAsText(json: string): unknown {
  const asText = (_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value;
  try {
    return JSON.parse(json, asText);
  } catch {
    throw unread('its answer is no JSON');
  }
}

function unread(detail = 'it said nothing') {
  return runFailure('command-failed', { command, exitCode: 0, detail: redact(detail).slice(0, 300) });
}
