import path from 'node:path';
import { runBounded } from './bounded-process.ts';
import type { Size } from './part.ts';
import { groups, parts } from './parts.ts';

// npm run bench -- --all: all parts, one after the other. npm run bench -- PART …: only these. Without either: what there is.
// --smallest: each once, as small as it can be, to see that it still runs. Exit 1 when a bound is broken or a part failed.
const words = process.argv.slice(2);
const size: Size = words.includes('--smallest') ? 'smallest' : 'full';
const asked = words.filter((word) => word !== '--smallest' && word !== '--all');
// Hours of work are not begun by a command that names nothing.
const all = asked.length === 0 && (words.includes('--all') || size === 'smallest');
const chosen = asked.flatMap((name) => (Object.hasOwn(groups, name) ? (groups[name] ?? []) : name));
const unknown = chosen.filter((name) => name !== 'list' && !Object.hasOwn(parts, name));

if (words.length === 0) {
  console.log(
    'name one or more of these parts, or --all for every one of them; --smallest only shows that they work\n',
  );
  list();
} else if (chosen.includes('list')) {
  list();
} else if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}`);
  list();
  process.exitCode = 1;
} else {
  for (const [name, { deadlineMs }] of Object.entries(parts)) {
    if (!all && !chosen.includes(name)) continue;
    const ended = await runBounded(
      [path.join(import.meta.dirname, 'part-process.ts'), name, size],
      deadlineMs[size],
    );
    if (ended === 'late') {
      const after = `${deadlineMs[size] / 1_000} s`;
      console.error(`${name}: could not be measured: it did not end within ${after} and was stopped`);
    }
    // A part that fails must not take the others with it.
    if (ended !== 0) process.exitCode = 1;
  }
}

function list(): void {
  for (const [name, { about }] of Object.entries(parts)) console.log(`${name.padEnd(10)} ${about}`);
  for (const [name, of] of Object.entries(groups)) console.log(`${name.padEnd(10)} ${of.join(', ')}`);
}
