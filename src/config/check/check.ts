import { clientEnvironmentOfProcess, loadConfigOfProcess, waysOfProcess } from '../build/process.ts';
import { ConfigError, errorLines, warningText } from '../file/mistake.ts';
import { policyWarnings } from './policy-warnings.ts';
import { summary } from './summary.ts';

const usage = `usage: npm run check-config -- FILE [--without-secrets]
  --without-secrets   secrets that are not set here are listed and are no mistakes: for a pipeline that has none of them`;

/** `npm run check-config -- FILE`. Exit 0: the bot can start with it; 1: mistakes, one a line; 2: usage error. */
async function check(args: readonly string[]): Promise<number> {
  const withoutSecrets = args.includes('--without-secrets');
  const [file, ...more] = args.filter((each) => each !== '--without-secrets');
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  if (file === undefined || more.length > 0 || file.startsWith('-')) {
    console.error(usage);
    return 2;
  }
  try {
    const config = await loadConfigOfProcess(file, { withoutSecrets });
    for (const line of summary(file, config, await waysOfProcess(config))) console.log(line);
    for (const each of config.notSet)
      console.log(`not set here: ${each.key} (line ${each.line}) needs ${each.what}`);
    for (const each of config.warnings) console.log(`warning: ${warningText(each)}`);
    const { PATH = '' } = clientEnvironmentOfProcess();
    for (const each of await policyWarnings(config, PATH)) console.log(`warning: ${each}`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of errorLines(error)) console.error(line);
    for (const each of error.warnings)
      console.error(`warning: ${each.file === undefined ? `${error.file}: ` : ''}${warningText(each)}`);
    return 1;
  }
}

process.exitCode = await check(process.argv.slice(2));
