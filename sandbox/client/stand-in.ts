import { parseArgs } from 'node:util';

// A stand-in for kubectl where there is none: `exec` and `version` only, with kubectl's exit codes and texts on stderr.

const [verb, ...words] = process.argv.slice(2);
if (verb === 'version') {
  process.stdout.write(`${JSON.stringify({ clientVersion: { gitVersion: 'stand-in' } })}\n`);
} else if (verb === 'exec') {
  process.exitCode = await exec(words);
  // The socket may take its time to close; what was read is written by now.
  process.stdout.write('', () => process.exit());
} else {
  process.stderr.write(`error: unknown command "${verb ?? ''}": the stand-in knows exec and version\n`);
  process.exitCode = 1;
}

async function exec(args: string[]): Promise<number> {
  const end = args.indexOf('--');
  const command = end < 0 ? [] : args.slice(end + 1);
  const { values, positionals } = parseArgs({
    args: end < 0 ? args : args.slice(0, end),
    allowPositionals: true,
    options: {
      namespace: { type: 'string', short: 'n', default: 'default' },
      container: { type: 'string', short: 'c' },
      stdin: { type: 'boolean', short: 'i', default: false },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      'request-timeout': { type: 'string' },
      'cache-dir': { type: 'string' },
      quiet: { type: 'boolean', short: 'q', default: false },
    },
  });
  const [pod] = positionals;
  if (pod === undefined || command.length === 0) {
    process.stderr.write('error: expected exec POD -n NAMESPACE -- COMMAND\n');
    return 1;
  }
  // Loading client-node takes most of a call's time: only where it is needed.
  const { remoteExec } = await import('./remote-exec.ts');
  return remoteExec({
    pod: pod.replace(/^pods?\//, ''),
    namespace: values.namespace,
    container: values.container,
    command,
    kubeconfig: values.kubeconfig ?? process.env.KUBECONFIG,
    context: values.context,
    stdin: values.stdin ? process.stdin : undefined,
    stdout: process.stdout,
    stderr: process.stderr,
  });
}
