import * as z from 'zod';
import { localPath, secret } from './values.ts';

/** Names that the bot sets itself or depends on, and why they may not be given. */
const reserved: readonly (readonly [RegExp, string])[] = [
  [/^(PATH|HOME)$/i, 'the bot gives the client its own'],
  [/^KUBECONFIG$/i, "each cluster's connect.kubeconfig says it"],
  [/^KUBECACHEDIR$/i, 'the bot keeps a cache of its own for each cluster'],
  [/^(KUBERC|KUBECTL_KUBERC)$/i, 'a kuberc file could change what the bot asks the client for'],
  [/^KUBERNETES_SERVICE_(HOST|PORT)$/i, 'they say where the API of the cluster is in which the bot runs'],
  [/^GOMAXPROCS$/i, 'the bot sets it while it copies files'],
  [/^NODE_OPTIONS$/i, 'it is for Node.js programs, and the client is none'],
  [/^(LD|DYLD)_/i, 'it could load other code into the client'],
  [
    /^(BASH_ENV|ENV|SHELLOPTS|BASHOPTS|IFS|PS4|BASH_FUNC_.*)$/i,
    'it could run other commands in a credential plugin',
  ],
];

const nameForm = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Why the client may not be given a variable of this name; undefined: it may. */
export function refusedVariable(name: string): string | undefined {
  if (!nameForm.test(name)) return 'a name has letters, digits and _ only, and begins with no digit';
  return reserved.find(([form]) => form.test(name))?.[1];
}

const value = secret(
  'a text (in quotes where it is a number, true or false)',
  (text) => text.length <= 32_768 && !text.includes('\0'),
);

const environment = z
  .record(z.string(), value, { error: 'NAME: VALUE for each environment variable' })
  .superRefine((variables, context) => {
    for (const name of Object.keys(variables)) {
      const why = refusedVariable(name);
      if (why === undefined) continue;
      context.addIssue({ code: 'custom', path: [name], message: `another variable: ${why}` });
    }
  });

export const clientSchema = z.strictObject(
  {
    path: localPath('the path or name of oc or kubectl')
      .describe('oc or kubectl: a name that is found in PATH, or a path')
      .default('oc'),
    env: environment
      .describe(
        'Environment variables for oc or kubectl and its credential plugins, beside those that the bot gives it. Values may be secrets',
      )
      .default({}),
  },
  { error: 'path: PATH, env: { NAME: VALUE }' },
);
