import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { GalleryEntry, GalleryMessage } from './protocol.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const tests = path.join(project, 'test/slack/messages');
/** Seconds on an idle machine, minutes on a busy one. */
const deadlineMs = 300_000;
/** Tests beside them that try thousands of messages and keep none. Left in, they would only cost time. */
const slow = /^(no|a long) message's text |^every page of 300 clusters|outside text/;

/**
 * Every message in the golden files, as blocks. The tests that compare them make them: what the gallery shows is what they check,
 * and of the present code.
 */
async function collectGallery(signal?: AbortSignal): Promise<readonly GalleryEntry[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'etcd-backup-gallery-'));
  try {
    const args = [
      '--test',
      '--test-isolation=none',
      `--test-skip-pattern=${slow}`,
      '--test-reporter=dot',
      ...(await goldenTests()),
    ];
    const env = { PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), GOLDEN_BLOCKS: folder };
    // A message that is not as written down is shown all the same: this is where one looks at it.
    await promisify(execFile)(process.execPath, args, {
      cwd: project,
      env,
      timeout: deadlineMs,
      signal,
    }).catch(async (error: unknown) => {
      if ((await readdir(folder)).length === 0) throw error;
    });
    return await readEntries(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function goldenTests(): Promise<readonly string[]> {
  const names = (await readdir(tests, { recursive: true })).filter((name) => name.endsWith('.test.ts'));
  const files = names.toSorted().map((name) => path.join(tests, name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return files.filter((_, index) => texts[index]?.includes('support/golden.ts'));
}

async function readEntries(folder: string): Promise<readonly GalleryEntry[]> {
  const messagesIn = async (language: 'en' | 'ko', name: string): Promise<readonly GalleryMessage[]> =>
    readFile(path.join(folder, `${language}.${name}.json`), 'utf8').then(
      (text) => JSON.parse(text) as readonly GalleryMessage[],
      () => [],
    );
  const names = new Set(
    (await readdir(folder)).map((name) => name.replace(/^(en|ko)\./, '').replace(/\.json$/, '')),
  );
  return Promise.all(
    [...names].toSorted().map(async (name) => ({
      name,
      en: await messagesIn('en', name),
      ko: await messagesIn('ko', name),
    })),
  );
}

/** The gallery as JSON; collected at the first look, which takes seconds. */
export function createGallery(signal?: AbortSignal): () => Promise<string> {
  let collected: Promise<string> | undefined;
  return () => {
    collected ??= collectGallery(signal).then((entries) => JSON.stringify(entries));
    // What failed is tried again.
    collected.catch(() => {
      collected = undefined;
    });
    return collected;
  };
}
