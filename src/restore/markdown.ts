/** A value from outside as a code span: one line, and nothing in it that could end the span. */
export function code(text: string): string {
  return `\`${text.replace(/[`\p{C}]+/gu, ' ').trim()}\``;
}

export function codes(texts: readonly string[]): string {
  return texts.map(code).join(', ');
}

/** A block of commands; its fence is longer than any run of backticks inside. */
export function shellBlock(commands: readonly string[]): string {
  const text = commands.join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}

/** `2026-11-23T06:14:44Z` → `2026-11-23 06:14:44 UTC` */
export function when(instant: string): string {
  return instant.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC');
}
