import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface PromptOptions {
  readonly input: Readable;
  /** A terminal, or something that only gets what is printed. */
  readonly output: Writable & { readonly isTTY?: boolean };
  readonly print: (text: string) => void;
  /** What a line that begins so can become, whole lines. */
  readonly complete: (line: string) => readonly string[];
}

/** A line at a time from a person; what happens meanwhile is printed above the line that they type. */
export interface Prompt {
  readonly lines: AsyncIterable<string>;
  print(text: string): void;
  /** Shown before the line from now on. */
  show(who: string): void;
  close(): void;
}

/** Where the output is no terminal, no prompt is shown: what is read is a script. */
export function openPrompt({ input, output, print, complete }: PromptOptions): Prompt {
  if (output.isTTY !== true) {
    const lines = createInterface({ input });
    return { lines, print, show: () => undefined, close: () => lines.close() };
  }
  const lines = createInterface({ input, output, completer: (line: string) => [complete(line), line] });
  // The terminal hands ^C to us as a key. It is meant for the sandbox.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  let isOpen = true;
  lines.once('close', () => {
    isOpen = false;
  });
  return {
    lines,
    print(text) {
      if (!isOpen) return print(text);
      clearTyped(lines, output);
      print(text);
      lines.prompt(true);
    },
    show(who) {
      lines.setPrompt(`${who}> `);
      // What is typed ahead keeps its cursor.
      if (isOpen) lines.prompt(true);
    },
    close: () => lines.close(),
  };
}

/** What is being typed, which may be several rows; readline draws it again below. */
function clearTyped(lines: Interface, output: Writable): void {
  moveCursor(output, 0, -lines.getCursorPos().rows);
  cursorTo(output, 0);
  clearScreenDown(output);
}
