import { ConfigError, mistakeText, warningText } from './mistake.ts';
import { loadConfigOfProcess } from './process.ts';
import { summary } from './summary.ts';

/** `npm run check-config -- FILE`. Exit 0: the bot can start with it; 1: mistakes, one a line; 2: called wrongly. */
async function check(args: readonly string[]): Promise<number> {
  const [file] = args;
  if (file === undefined || args.length > 1 || file.startsWith('-')) {
    console.error('usage: npm run check-config -- FILE');
    return 2;
  }
  try {
    const config = await loadConfigOfProcess(file);
    for (const line of summary(file, config)) console.log(line);
    for (const each of config.warnings) console.log(`warning: ${warningText(each)}`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const each of error.mistakes) console.error(`${error.file}: ${mistakeText(each)}`);
    return 1;
  }
}

process.exitCode = await check(process.argv.slice(2));
