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
        // Ctrl-D is no yes, and would leave the question open for ever.
        const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
        const answer = await Promise.race([lines.question(`${question} Type yes: `), closed]);
        return answer.trim() === 'yes';
      } finally {
        lines.close();
      }
    },
  };
}
