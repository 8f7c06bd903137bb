import { importedPath, importsOf, type SourceFile } from './source-files.ts';

/** What the files of a part of src/ may import besides themselves. A part that is not here may import nothing. */
const parts: Readonly<Record<string, { readonly from: readonly string[]; readonly packages: boolean }>> = {
  domain: { from: [], packages: false },
  workflow: { from: ['domain'], packages: false },
  config: { from: ['domain'], packages: true },
  slack: { from: ['domain', 'workflow'], packages: true },
  openshift: { from: ['domain', 'workflow'], packages: true },
  records: { from: ['domain', 'workflow'], packages: true },
  storage: { from: ['domain', 'workflow'], packages: true },
  catalog: { from: ['domain', 'workflow'], packages: true },
  drill: { from: ['domain', 'workflow'], packages: true },
  restore: { from: ['domain'], packages: false },
  system: { from: ['domain', 'workflow'], packages: true },
  metrics: { from: ['domain', 'workflow'], packages: true },
  chart: { from: ['domain', 'workflow'], packages: true },
  destination: { from: ['domain', 'workflow'], packages: false },
  enroll: { from: ['domain', 'workflow', 'openshift'], packages: true },
  ready: { from: ['domain'], packages: false },
  doctor: { from: ['config', 'domain', 'records', 'slack'], packages: true },
  // Pieces of the bot's wiring, which the programs use.
  start: {
    from: [
      'chart',
      'config',
      'domain',
      'drill',
      'metrics',
      'openshift',
      'records',
      'restore',
      'slack',
      'storage',
      'system',
      'workflow',
    ],
    packages: true,
  },
};

/** They put the parts together. */
const programs = [
  'src/main.ts',
  'src/catalog/main.ts',
  'src/destination/main.ts',
  'src/enroll/main.ts',
  'src/doctor/main.ts',
  'src/ready/main.ts',
];

/** Every import that points the wrong way, as `file:line imports X: rule`. */
export function wrongImports(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) =>
    importsOf(file.text).flatMap(({ line, specifier }) => {
      const rule = brokenRule(file.path, specifier);
      return rule === undefined ? [] : [`${file.path}:${line} imports ${specifier}: ${rule}`];
    }),
  );
}

function brokenRule(path: string, specifier: string): string | undefined {
  const target = importedPath(path, specifier);
  if (target !== undefined && !target.startsWith('src/')) {
    return target === 'package.json' ? undefined : 'src/ may not import what lies outside it';
  }
  if (programs.includes(path)) return undefined;
  const part = partOf(path);
  const allowed = parts[part];
  if (allowed === undefined) return `src/${part} is not a part that test/architecture/rules.ts knows`;
  if (target === undefined) {
    return allowed.packages ? undefined : `${part} may import neither packages nor node: modules`;
  }
  const to = partOf(target);
  if (to === part || allowed.from.includes(to)) return undefined;
  return `${part} may import only ${[part, ...allowed.from].join(', ')}`;
}

/** `src/slack/messages/card.ts` → `slack`; a file directly in src/ is a part of its own. */
function partOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** Circles of imports, each as `a → b → a`. Type imports count: a reader of the files meets them too. */
export function importCycles(files: readonly SourceFile[]): readonly string[] {
  return cyclesOf(new Map(files.map((file) => [file.path, importedPaths(file)])));
}

/** Circles of imports between the rooms of a layer (`src/domain/watch` is one); a layer's own files are no room. */
export function roomCycles(files: readonly SourceFile[]): readonly string[] {
  const arrows = new Map<string, string[]>();
  for (const file of files) {
    const from = roomOf(file.path);
    if (from === undefined) continue;
    const to = importedPaths(file).flatMap((path) => roomOf(path) ?? []);
    const others = to.filter((room) => room !== from && partOf(room) === partOf(from));
    arrows.set(from, [...(arrows.get(from) ?? []), ...others]);
  }
  return cyclesOf(arrows);
}

/** `src/domain/preflight/findings/node.ts` → `src/domain/preflight`. */
function roomOf(path: string): string | undefined {
  const words = path.split('/');
  return words.length > 3 ? words.slice(0, 3).join('/') : undefined;
}

/** Circles between what lies side by side in one folder, at any depth: files, and folders with all that is in them. */
export function neighbourCycles(files: readonly SourceFile[]): readonly string[] {
  const arrows = new Map<string, string[]>();
  for (const file of files) {
    for (const path of importedPaths(file)) {
      const [from, to] = neighbours(file.path, path);
      arrows.set(from, [...(arrows.get(from) ?? []), to]);
    }
  }
  return cyclesOf(arrows);
}

/** `a/b/c.ts`, `a/d.ts` → `a/b`, `a/d.ts`: where the two paths part. */
function neighbours(one: string, other: string): readonly [string, string] {
  const [words, others] = [one.split('/'), other.split('/')];
  const length = words.findIndex((word, index) => word !== others[index]) + 1;
  return [words.slice(0, length).join('/'), others.slice(0, length).join('/')];
}

function importedPaths(file: SourceFile): readonly string[] {
  return importsOf(file.text).flatMap(({ specifier }) => importedPath(file.path, specifier) ?? []);
}

function cyclesOf(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const cycles: string[] = [];
  const done = new Set<string>();

  function visit(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push([...trail.slice(start), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  }

  for (const path of imports.keys()) visit(path, []);
  return cycles;
}

const environmentUse =
  /\bprocess\s*\??\.\s*env\b|\bprocess\s*\[|\{[^}\n]*\benv\b[^}\n]*\}\s*(?:=\s*process\b|from\s*['"](?:node:)?process['"])/;

/** Lines outside src/config that look at the process's environment. */
export function environmentReaders(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter((file) => partOf(file.path) !== 'config')
    .flatMap((file) =>
      file.text
        .split('\n')
        .flatMap((line, index) =>
          environmentUse.test(line)
            ? [`${file.path}:${index + 1} reads the environment: only src/config may`]
            : [],
        ),
    );
}
