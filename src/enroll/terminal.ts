import { createInterface } from 'node:readline/promises';
import { EnrollError } from './problem.ts';

export interface Terminal {
  say(line: string): void;
  /** Whether the person agrees. Throws where no one can be asked. */
  agrees(question: string): Promise<boolean>;
}

export function openTerminal({ yes }: { readonly yes: boolean }): Terminal {
  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    async agrees(question) {
      if (yes) return true;
      if (!process.stdin.isTTY)
        throw new EnrollError('no one can be asked here: add --yes after reading the above');
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      try {
        return (await lines.question(`${question} Type yes: `)).trim() === 'yes';
      } finally {
        lines.close();
      }
    },
  };
}
