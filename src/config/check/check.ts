import { clientEnvironmentOfProcess, loadConfigOfProcess, waysOfProcess } from '../build/process.ts';
import { ConfigError, errorLines, warningText } from '../file/mistake.ts';
import { documentOf } from './as-json.ts';
import { policyWarnings } from './policy-warnings.ts';
import { summary } from './summary.ts';

const usage = `usage: npm run check-config -- FILE [--without-secrets] [--as-json]
  --without-secrets   secrets that are not set here are listed and are no mistakes: for a pipeline that has none of them
  --as-json           one JSON document: ok, mistakes and warnings (file, line, column, path, message, hint), notSet
  exit code 0: the bot can start with it; 1: mistakes; 2: it was called wrongly`;

const flags = ['--without-secrets', '--as-json', '--help'];

/** `npm run check-config -- FILE`. */
async function check(args: readonly string[]): Promise<number> {
  const [file, ...more] = args.filter((each) => !flags.includes(each));
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  if (file === undefined || more.length > 0 || file.startsWith('-')) {
    console.error(usage);
    return 2;
  }
  const report = args.includes('--as-json') ? reportAsJson : reportInLines;
  try {
    const config = await loadConfigOfProcess(file, { withoutSecrets: args.includes('--without-secrets') });
    const { PATH = '' } = clientEnvironmentOfProcess();
    await report(file, { config, policy: await policyWarnings(config, PATH) });
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await report(file, { error });
    return 1;
  }
}

type Outcome = Parameters<typeof documentOf>[1];

async function reportAsJson(file: string, outcome: Outcome): Promise<void> {
  console.log(JSON.stringify(documentOf(file, outcome), undefined, 2));
}

async function reportInLines(file: string, outcome: Outcome): Promise<void> {
  if ('error' in outcome) {
    const { error } = outcome;
    for (const line of errorLines(error)) console.error(line);
    for (const each of error.warnings)
      console.error(`warning: ${each.file === undefined ? `${error.file}: ` : ''}${warningText(each)}`);
    return;
  }
  const { config, policy } = outcome;
  for (const line of summary(file, config, await waysOfProcess(config))) console.log(line);
  for (const each of config.notSet)
    console.log(`not set here: ${each.key} (line ${each.line}) needs ${each.what}`);
  for (const each of config.warnings) console.log(`warning: ${warningText(each)}`);
  for (const each of policy) console.log(`warning: ${each}`);
}

process.exitCode = await check(process.argv.slice(2));
