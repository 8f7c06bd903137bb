import { tmpdir } from 'node:os';
import type { DrillTools, ToolProblem, ToolSet } from '../domain/drill/drill-tools.ts';
import { type EtcdMinor, minorOf } from '../domain/drill/etcd-minor.ts';
import { type EtcdTools, findPrograms } from './find-etcd.ts';
import { runTool } from './run-tool.ts';
import { readVersion } from './tool-answers.ts';

/** The same as the domain knows, with the programs themselves. */
export interface FoundTools extends DrillTools {
  readonly sets: readonly (ToolSet & { readonly tools: EtcdTools })[];
}

const answerWithinMs = 15_000;

/**
 * Reads which programs there are, and of which version, from the programs themselves. `dirs`: absolute directories by minor
 * release (`drillTools`); undefined: one set along `searchPath`. Never throws: what cannot be used is among the problems.
 */
export async function findToolSets(
  dirs: Readonly<Record<EtcdMinor, string>> | undefined,
  searchPath: string,
): Promise<FoundTools> {
  const places = dirs === undefined ? [[undefined, searchPath] as const] : Object.entries(dirs);
  const found = await Promise.all(places.map(([minor, place]) => lookAt(minor, place)));
  return {
    sets: found.flatMap((each) => ('tools' in each ? [each] : [])),
    problems: found.flatMap((each) => ('kind' in each ? [each] : [])),
  };
}

async function lookAt(
  key: EtcdMinor | undefined,
  place: string,
): Promise<FoundTools['sets'][number] | ToolProblem> {
  const where = key === undefined ? 'the search path' : place;
  const problem = (kind: ToolProblem['kind'], detail: string) => ({ minor: key, kind, detail });
  const { etcd, etcdctl, etcdutl } = findPrograms(place);
  if (etcd === undefined || etcdctl === undefined) {
    const missing = [...(etcd ? [] : ['etcd']), ...(etcdctl ? [] : ['etcdctl'])].join(' and ');
    return problem('missing', `no ${missing} in ${where}`);
  }
  const tools = { etcd, etcdctl, ...(etcdutl === undefined ? {} : { etcdutl }) };
  const answers = await Promise.all(Object.values(tools).map(versionOf));
  const silent = answers.find(({ version }) => version === undefined);
  if (silent) return problem('unusable', `${silent.program} does not tell its version: ${silent.said}`);
  const [version = '', ...others] = answers.map((each) => each.version ?? '');
  const minor = minorOf(version) ?? '';
  const wanted = key ?? minor;
  if ([version, ...others].some((each) => minorOf(each) !== wanted)) {
    const said = answers.map((each) => `${each.program} ${each.version}`).join(', ');
    return problem('other-version', `the programs are not all of etcd ${wanted}: ${said}`);
  }
  // From 3.6 on etcdctl only saves snapshots.
  if (etcdutl === undefined && !knowsSnapshots(minor)) {
    return problem('incomplete', `etcd ${minor} needs etcdutl for a restore, and there is none in ${where}`);
  }
  return { minor, version, tools };
}

function knowsSnapshots(minor: EtcdMinor): boolean {
  const [major = 0, second = 0] = minor.split('.').map(Number);
  return major === 3 && second < 6;
}

async function versionOf(program: string) {
  const args = program.endsWith('/etcd') ? ['--version'] : ['version'];
  try {
    const room = { dir: tmpdir(), signal: AbortSignal.timeout(answerWithinMs) };
    const { stdout, lastWords } = await runTool(program, args, room);
    return { program, version: readVersion(stdout), said: lastWords || 'no version in its answer' };
  } catch {
    return { program, version: undefined, said: `no answer within ${answerWithinMs / 1000} s` };
  }
}
