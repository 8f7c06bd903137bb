import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runDemo } from './demo.ts';
import { runFaults } from './faults/demo.ts';
import { play } from './play.ts';
import { runUpgradeDemo } from './upgrade-demo.ts';

const usage = `npm run sandbox                       play in the terminal
npm run sandbox -- --demo             play the story and print what people read
npm run sandbox -- --demo=story       the same
npm run sandbox -- --demo=upgrade     play an update of the cluster, from the alarm before it to the backup after it
npm run sandbox -- --demo=faults      break everything by name and print what people are told
options: --json (one JSON object, with --demo)   --lang=en|ko (not for faults)
         --only=NAME (faults whose names begin so)
         --dir=DIRECTORY (empty; default: a new one under the system's temporary directory)`;

const demos = { story: runDemo, upgrade: runUpgradeDemo, faults: runFaults };

function readWords(words: readonly string[]) {
  // `--demo` alone is the story.
  const args = words.map((word) => (word === '--demo' ? '--demo=story' : word));
  const { values } = parseArgs({
    args,
    options: {
      demo: { type: 'string' },
      json: { type: 'boolean', default: false },
      lang: { type: 'string', default: 'en' },
      dir: { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { demo } = values;
  if (demo !== undefined && !Object.hasOwn(demos, demo)) {
    throw new Error(`there is no demo “${demo}”; there are ${Object.keys(demos).join(' and ')}`);
  }
  return { ...values, demo: demo as keyof typeof demos | undefined };
}

async function main(): Promise<number> {
  let values: ReturnType<typeof readWords>;
  try {
    values = readWords(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  const print = (text: string) => console.log(text);
  if (values.help) {
    print(usage);
    return 0;
  }
  const language = values.lang === 'ko' ? 'ko' : 'en';
  const dir = path.resolve(values.dir ?? (await mkdtemp(path.join(tmpdir(), 'etcd-backup-sandbox-'))));
  const { json, only } = values;
  if (values.demo === undefined) return play({ dir, language, input: process.stdin, print });
  return demos[values.demo]({ dir, language, json, only, print });
}

process.exitCode = await main();
