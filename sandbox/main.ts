import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runDemo } from './demo.ts';
import { play } from './play.ts';

const usage = `npm run sandbox                    play in the terminal
npm run sandbox -- --demo          play the story and print what people read
npm run sandbox -- --demo --json   the same, as one JSON object
options: --lang=en|ko   --dir=DIRECTORY (empty; default: a new one under the system's temporary directory)`;

const { values } = parseArgs({
  options: {
    demo: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    lang: { type: 'string', default: 'en' },
    dir: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const language = values.lang === 'ko' ? 'ko' : 'en';

if (values.help) {
  console.log(usage);
} else {
  const dir = path.resolve(values.dir ?? (await mkdtemp(path.join(tmpdir(), 'etcd-backup-sandbox-'))));
  const print = (text: string) => console.log(text);
  process.exitCode = values.demo
    ? await runDemo({ dir, language, json: values.json, print })
    : await play({ dir, language, input: process.stdin, print });
}
