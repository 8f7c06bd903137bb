import type { TestEvent } from 'node:test/reporters';

interface Count {
  lines: number;
  covered: number;
}

/** A reporter for node:test that prints one line a room: the share of its lines that a test ran. */
// biome-ignore lint/style/noDefaultExport: node:test takes a reporter's default export
export default async function* coverageByRoom(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type !== 'test:coverage') continue;
    const { files, totals, workingDirectory } = event.data.summary;
    const rooms = new Map<string, Count>();
    for (const { path, totalLineCount, coveredLineCount } of files) {
      const room = path.slice(workingDirectory.length + 1).replace(/\/[^/]+$/, '');
      const count = rooms.get(room) ?? { lines: 0, covered: 0 };
      rooms.set(room, { lines: count.lines + totalLineCount, covered: count.covered + coveredLineCount });
    }
    yield '\nLines that a test ran:\n';
    for (const [room, count] of [...rooms].toSorted()) yield lineOf(room, count);
    yield lineOf('all', { lines: totals.totalLineCount, covered: totals.coveredLineCount });
  }
}

function lineOf(room: string, { lines, covered }: Count): string {
  const share = ((100 * covered) / Math.max(1, lines)).toFixed(1);
  return `${share.padStart(6)} %  ${String(lines).padStart(6)}  ${room}\n`;
}
