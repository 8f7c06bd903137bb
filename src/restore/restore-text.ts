import { fileKinds, type Manifest, type ManifestCopy } from '../domain/copies/manifest-document.ts';
import type { Language } from '../domain/policy/policy.ts';
import { editionMark, editionOf } from '../domain/restore/edition.ts';
import { locationOf } from '../domain/restore/manifest.ts';
import { sources } from '../domain/restore/release-lines.ts';
import { type RejectedBackup, wantedZStream } from '../domain/restore/restore-choice.ts';
import type { RestoreAnswer, RestorePlan } from '../domain/restore/restore-plan.ts';
import type { RestoreStep } from '../domain/restore/restore-steps.ts';
import { momentText } from '../domain/text/moment.ts';
import { oneLine } from '../domain/text/one-line.ts';
import { botVersion } from './bot-version.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { code, codes, shellBlock, when } from './markdown.ts';
import { type FactName, factNames, type RestoreWording, type StepWords } from './wording.ts';

const wordings: Readonly<Record<Language, RestoreWording>> = { en, ko };

/** RESTORE.md: everything for a person at a shell, with nothing else at hand. Markdown, a line feed at the end. */
export function restoreText(
  answer: RestoreAnswer,
  cluster: string,
  language: Language,
  bot: string = botVersion,
): string {
  const words = wordings[language];
  const parts =
    answer.outcome === 'plan'
      ? planParts(answer.plan, words, bot)
      : [
          `# ${words.noneTitle(cluster)}`,
          ...words.none({
            zStream: wantedZStream(answer.need),
            count: answer.rejected.length,
            before: answer.need.before && momentText(answer.need.before.timeZone, answer.need.before.at),
            nearest: answer.nearest && {
              runId: answer.nearest.manifest.runId,
              because: answer.nearest.because.kind,
            },
          }),
          list(answer.rejected.map((each) => otherLine(each, words))),
        ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function planParts(plan: RestorePlan, words: RestoreWording, bot: string): readonly string[] {
  const { manifest } = plan;
  const edition = editionOf(manifest.release.zStream);
  const hours = Math.floor(plan.ageMs / 3_600_000);
  return [
    `# ${words.title(manifest.cluster.name, manifest.release.zStream)}`,
    ...words.intro({
      runId: manifest.runId,
      takenAt: when(manifest.times.started),
      node: manifest.node.name,
      written: manifest.times.written && when(manifest.times.written),
      age: words.age(Math.floor(hours / 24), hours % 24),
      edition,
      bot,
    }),
    section(words.beforeTitle, words.before(plan)),
    section(words.warningsTitle, plan.warnings.map(words.warning)),
    `## ${words.filesTitle}`,
    ...fileKinds.map((kind) => filePart(manifest, kind, words)),
    `## ${words.stepsTitle}`,
    ...plan.steps.map((step, index) => stepPart(step, index + 1, words)),
    section(words.sourcesTitle, sourceLines(plan, words)),
    section(
      words.factsTitle,
      factNames.map((name) => `${words.fact[name]}: ${fact(manifest, name, words)}`),
    ),
    section(
      words.othersTitle,
      plan.rejected.map((each) => otherLine(each, words)),
    ),
    editionMark({ runId: manifest.runId, edition: edition.number, bot }),
  ];
}

/** Nothing at all where there is nothing to list. */
function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${list(lines)}`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function filePart(manifest: Manifest, kind: keyof Manifest['files'], words: RestoreWording): string {
  const file = manifest.files[kind];
  const { name, sha256 } = file;
  const [head, ...rest] = words.fileLines({
    file: words.file[kind],
    name,
    size: String(file.size),
    sha256,
  });
  return `${head}\n\n${list([...rest, ...file.copies.map((copy) => copyLine(copy, words))])}`;
}

function copyLine(copy: ManifestCopy, words: RestoreWording): string {
  return words.copyLine({
    destination: copy.destination,
    location: locationOf(copy),
    where: copy.place.where,
    custodians: copy.custodians,
    recipients: copy.encryptedFor.map(({ name }) => name),
    provenAt: copy.provenAt ?? undefined,
    lockedUntil: copy.lockedUntil ?? undefined,
  });
}

function stepPart(step: RestoreStep, number: number, words: RestoreWording): string {
  // Kind and params of one step belong together; TypeScript cannot see that through the index.
  const say = words.steps[step.kind] as (params: RestoreStep['params']) => StepWords;
  const { title, text, expect, otherwise } = say(step.params);
  const block = step.commands.length === 0 ? [] : [shellBlock(step.commands)];
  const after = [expect && words.expect(expect), otherwise && words.otherwise(otherwise)].filter(
    (each) => each,
  );
  return [`### ${number}. ${oneLine(title)}`, ...text, ...block, ...after].join('\n\n');
}

/** `Steps 9, 10, 12: …`, one line a source; then the phases that have no step. */
function sourceLines(plan: RestorePlan, words: RestoreWording): readonly string[] {
  const numbers = new Map<keyof typeof sources, number[]>();
  plan.steps.forEach(({ source }, index) => {
    if (source !== 'own') numbers.set(source, [...(numbers.get(source) ?? []), index + 1]);
  });
  return [
    ...[...numbers].map(([source, steps]) => words.sourceLine(sources[source], steps.join(', '))),
    ...plan.absent.map(({ phase, because, source }) => words.absentLine(phase, because, sources[source])),
  ];
}

function otherLine({ manifest, because }: RejectedBackup, words: RestoreWording): string {
  return words.other({
    runId: manifest.runId,
    takenAt: when(manifest.times.started),
    zStream: manifest.release.zStream,
    because,
  });
}

function fact(manifest: Manifest, name: FactName, words: RestoreWording): string {
  const { cluster, etcd, people } = manifest;
  const readAt = manifest.etcdMembers?.readAt;
  const optional = (value: string | number | null) => (value === null ? words.notKnown : code(String(value)));
  const facts: Readonly<Record<FactName, () => string>> = {
    clusterId: () => code(cluster.id),
    infrastructureName: () => code(cluster.infrastructureName),
    apiUrl: () => code(cluster.apiUrl),
    releaseImage: () => code(manifest.release.image),
    topology: () => code(manifest.topology),
    node: () => nodeText(manifest),
    members: () =>
      manifest.etcdMembers?.list.map((each) => words.member(each, readAt !== null)).join('; ') ??
      codes(manifest.members),
    membersRead: () => (readAt == null ? words.notKnown : when(readAt)),
    revision: () => optional(etcd.revision),
    keys: () => optional(etcd.totalKey),
    hash: () => optional(etcd.hash),
    drill: () => words.drill(manifest.drill),
    etcdctl: () => optional(etcd.etcdctlVersion),
    staticPods: () => codes(Object.values(manifest.staticPods)) || words.notKnown,
    encryption: () => optional(manifest.encryptionType || null),
    proxy: () => words.yesNo(manifest.proxyUsed),
    signers: () => signers(manifest, words),
    requester: () => code(people.requester.clusterUser),
    approvers: () => codes(people.approvers.map(({ clusterUser }) => clusterUser)) || '–',
    emergency: () => words.yesNo(people.emergency !== null),
    thread: () => optional(manifest.thread),
  };
  return facts[name]();
}

function nodeText({ node }: Manifest): string {
  const machine = node.machine === undefined ? '' : `, ${code(node.machine)}`;
  return `${code(node.name)} (${code(node.ip)})${machine}`;
}

/** The last of each bundle: earlier ones are there for those that still hold a certificate of theirs. */
function signers({ signers: bundles }: Manifest, words: RestoreWording): string {
  const lines = bundles.map(({ bundle, certificates }) => {
    const last = certificates
      .map(({ notAfter }) => notAfter)
      .sort((a, b) => Date.parse(b) - Date.parse(a))[0];
    return `${code(bundle)} ${last === undefined ? words.notKnown : when(last)}`;
  });
  return lines.length === 0 ? words.notKnown : lines.join(', ');
}
