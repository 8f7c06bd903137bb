import { constants } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runRestoreDemo } from './demos/restore-demo.ts';
import { runDemo } from './demos/story-demo.ts';
import { runUpgradeDemo } from './demos/upgrade-demo.ts';
import { runFaults } from './faults/demo.ts';
import { playPage } from './page/play.ts';
import { DirectoryError, type Stay, stayIn } from './stay.ts';
import { play } from './terminal/play.ts';

const usage = `npm run sandbox                       play on a page in the browser; prints its address
npm run sandbox -- --terminal         play in the terminal
npm run sandbox -- --demo             play the story and print what people read
npm run sandbox -- --demo=story       the same
npm run sandbox -- --demo=upgrade     play an update of the cluster, from the alarm before it to the backup after it
npm run sandbox -- --demo=restore     lose the cluster, and restore it step by step in a thread, with a real etcd
npm run sandbox -- --demo=faults      break everything by name and print what people read
options: --json (one JSON object, with --demo)   --lang=en|ko (not for faults)
         --port=N (of the page; default: a free one)   --no-open (opens no browser)
         --schedule (a scheduled backup two minutes after the start; without --demo)
         --release=4.20.5 (of the cluster that is restored, 4.16 or later; with --demo=restore)
         --only=NAME (faults whose names begin so)   --patience=N (faults may take N times as long)
         --dir=DIRECTORY (empty or new; keeps everything for a look afterwards; without it nothing is left)`;

const demos = { story: runDemo, upgrade: runUpgradeDemo, restore: runRestoreDemo, faults: runFaults };

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
      release: { type: 'string' },
      patience: { type: 'string', default: '1' },
      schedule: { type: 'boolean', default: false },
      terminal: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      'no-open': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { demo } = values;
  if (!/^[1-9]\d{0,2}$/.test(values.patience)) {
    throw new Error(`--patience is a whole number from 1 to 999, not “${values.patience}”`);
  }
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new Error(`--port is a number from 0 to 65535, not “${values.port}”`);
  }
  if (values.release !== undefined && !/^4\.(1[6-9]|2\d)\.\d{1,3}$/.test(values.release)) {
    throw new Error(`--release is a z-stream of 4.16 or later, such as 4.20.5, not “${values.release}”`);
  }
  if (values.lang !== 'en' && values.lang !== 'ko') {
    throw new Error(`--lang is en or ko, not “${values.lang}”`);
  }
  if (demo !== undefined && !Object.hasOwn(demos, demo)) {
    throw new Error(`there is no demo “${demo}”; there are ${Object.keys(demos).join(', ')}`);
  }
  if (demo === 'faults' && values.lang !== 'en') {
    throw new Error(`--demo=faults speaks en alone, not ${values.lang}: it compares what people read`);
  }
  return { ...values, demo: demo as keyof typeof demos | undefined };
}

type Words = ReturnType<typeof readWords>;

async function main(): Promise<number> {
  let values: Words;
  try {
    values = readWords(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (values.help) {
    console.log(usage);
    return 0;
  }
  try {
    const end = await stayIn(values.dir, (stay) => playWords(values, stay));
    if (values.demo === undefined && values.dir !== undefined)
      console.log(`Everything is still in ${path.resolve(values.dir)}`);
    if ('code' in end) return end.code;
    // People who play end it so; a demo is cut off. What is still pending is not waited for.
    process.exit(values.demo === undefined ? 0 : 128 + constants.signals[end.cutOffBy]);
  } catch (error) {
    const isKnown = error instanceof DirectoryError;
    console.error(isKnown ? `${error.message}\n\n${usage}` : error);
    process.exit(isKnown ? 2 : 1);
  }
}

async function playWords(values: Words, stay: Stay): Promise<number> {
  const { dir, isKept, signal, hold } = stay;
  const { json, only, release, schedule } = values;
  const language = values.lang === 'ko' ? 'ko' : 'en';
  // What an end breaks off is no failure of the demo.
  const unlessCutOff = (say: (text: string) => void) => (text: string) => {
    if (!signal.aborted) say(text);
  };
  const print = unlessCutOff(console.log);
  if (values.demo === undefined) {
    if (values.terminal) {
      const { stdin: input, stdout: output } = process;
      return play({ dir, language, schedule, hold, signal, input, output, print });
    }
    const open = !values['no-open'] && process.stdout.isTTY === true;
    return playPage({ dir, language, schedule, port: Number(values.port), open, print, hold, signal });
  }
  const patience = Number(values.patience);
  const complain = unlessCutOff(console.error);
  return demos[values.demo]({ dir, isKept, hold, language, json, only, patience, release, print, complain });
}

process.exitCode = await main();
