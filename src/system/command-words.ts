import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Reads the words of a command line. Throws what is wrong with them, and the usage. */
export function readWords<Config extends ParseArgsConfig>(
  config: Config,
  usage: string,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Error(`${wrongWord(error)}\n${usage}`);
  }
}

/** Without the advice to programmers that Node's parseArgs adds. */
function wrongWord(error: unknown): string {
  const { message } = error as Error;
  return message.split(/\. (?:To |Did you)/)[0] ?? message;
}
