import * as z from 'zod';
import { homeHint, referenceHint } from '../file/not-replaced.ts';
import { Secret } from '../file/secret.ts';

// Every schema carries as its error text what was expected, in words that fit after "expected".

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `30m`, `2h`, `1d` → milliseconds, within bounds written the same way. */
export function duration(least: string, most: string) {
  const examples = ['90s', '30m', '2h', '1d', '30d']
    .filter((each) => durationMs(each) >= durationMs(least) && durationMs(each) <= durationMs(most))
    .map((each) => `"${each}"`);
  const last = examples.pop();
  const expected = `a duration from ${least} to ${most}, such as ${examples.length > 0 ? `${examples.join(', ')} or ` : ''}${last}`;
  const form = z.string({ error: expected }).regex(/^\d{1,6}[smhd]$/, { error: expected });
  return form.transform((text, context) => {
    const ms = durationMs(text);
    if (ms < durationMs(least) || ms > durationMs(most)) {
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    }
    return ms;
  });
}

function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * unitMs[text.slice(-1) as keyof typeof unitMs];
}

export function text(expected: string, pattern: RegExp, longest = 253) {
  return z.string({ error: expected }).max(longest, { error: expected }).regex(pattern, { error: expected });
}

export function yesOrNo() {
  return z.boolean({ error: 'true or false' });
}

export function wholeNumber(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

export function list<Item extends z.ZodType>(item: Item, expected: string) {
  return z.array(item, { error: expected });
}

export const language = z.enum(['en', 'ko'], { error: 'en or ko' });

export const channelId = text(
  'the id of a Slack channel: C or G and capital letters or digits, such as C0123456789',
  /^[CG][A-Z0-9]{5,20}$/,
);

export const slackUserId = text(
  'the id of a Slack member: U or W and capital letters or digits, such as U0123456789',
  /^[UW][A-Z0-9]{5,20}$/,
);

export const teamId = text(
  'the id of a Slack workspace: T or E and capital letters or digits, such as T0123456789',
  /^[TE][A-Z0-9]{5,20}$/,
);

/** `r-` and 8 letters or digits is how run ids look: `status NAME` must mean one thing. */
export const clusterName = text(
  'a name of at most 40 small letters, digits and dashes that starts and ends with a letter or digit, and not of the form r-xxxxxxxx (those are run ids)',
  /^(?!r-[a-z0-9]{8}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  40,
);

/** Goes into messages as it is written. */
export const backedUpBy = text(
  "who backs the cluster up, in at most 200 characters on one line (such as: the HyperShift management cluster's OADP schedule)",
  /^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u,
  200,
);

export const namespace = text(
  'the name of a namespace: at most 63 small letters, digits and dashes, starting and ending with a letter or digit',
  /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  63,
);

export const image = text(
  'an image reference without spaces, such as registry.example.com/tools@sha256:…',
  /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/,
  512,
);

/** `system:` names belong to the platform: giving one to a person would hand out permissions that were not granted. */
export const clusterUser = text(
  'the name of a user of the cluster (not one that starts with "system:")',
  /^(?!system:)[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u,
);

export const clusterGroup = text(
  'the name of a group of the identity provider (not one that starts with "system:")',
  /^(?!system:)[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u,
);

export function localPath(what: string) {
  return text(what, /^(?!\s*$)\P{C}*$/u, 4096).refine(
    (path) => homeHint(path) === undefined && referenceHint(path) === undefined,
    { error: what },
  );
}

export const contextName = text('the name of a context in the kubeconfig', /^[^\p{C}]+$/u);

export const timeZone = z
  .string({ error: 'an IANA time zone, such as Europe/Berlin or UTC' })
  .refine(isTimeZone, { error: 'an IANA time zone, such as Europe/Berlin or UTC' });

function isTimeZone(name: string): boolean {
  // Offsets such as +09:00 are accepted by Intl too, but know no daylight saving time.
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** `22:00` → minutes since midnight. */
export const timeOfDay = text('a time of day from "00:00" to "23:59"', /^([01]\d|2[0-3]):[0-5]\d$/).transform(
  (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)),
);

const nodePathForm = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+$/;

export const scriptPath = text(
  'an absolute path on the node of letters, digits and . _ - / without "." or ".." parts',
  nodePathForm,
  200,
);

// What the node needs to live, what it loses at a reboot, and what only the platform writes.
const systemDirectories =
  '/bin /boot /dev /etc /lib /lib64 /ostree /proc /run /sbin /sys /sysroot /tmp /usr /var/lib/cni /var/lib/containers /var/lib/etcd /var/lib/kubelet /var/log /var/run /var/tmp'.split(
    ' ',
  );

const backupRootExpected =
  'a directory on the node, at least two levels deep and not one of the system, such as /home/core/assets/backup (letters, digits and . _ - / without "." or ".." parts)';

export const backupRoot = text(backupRootExpected, nodePathForm, 200).refine(
  (path) =>
    path.split('/').length > 2 &&
    path !== '/var/lib' &&
    !systemDirectories.some((each) => `${path}/`.startsWith(`${each}/`)),
  { error: backupRootExpected },
);

/** An `https:` URL with its closing slash; plain `http:` on this machine only (a stand-in for Slack). */
export const slackApiUrl = z.string({ error: slackApiUrlExpected() }).transform((address, context) => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  const isFit = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (!url || !isFit || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    context.addIssue({ code: 'custom', message: slackApiUrlExpected() });
    return z.NEVER;
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
});

function slackApiUrlExpected(): string {
  return 'an https:// address without user, password or query, such as https://slack.com/api/ or https://slack-gov.com/api/';
}

/** A token of Slack, as every secret() is given. */
export function token(prefix: 'xoxb-' | 'xapp-', name: string) {
  const form = /^[\w.-]{10,}$/;
  return secret(
    `the ${name} (starts with ${prefix}, at least 10 characters)`,
    (text) => text.startsWith(prefix) && form.test(text),
  );
}

/** "App Credentials" of the Slack app: 32 hexadecimal digits today. Anyone who knows it can speak as Slack. */
export const signingSecret = secret(signingSecretName(), (text) => /^[\w-]{16,128}$/.test(text));

export function signingSecretName(): string {
  return 'the signing secret (“Basic Information → App Credentials” in the app’s settings)';
}

export const requestPath = text(
  'a path such as /slack/events (letters, digits and . _ ~ - /)',
  /^\/[\w.~/-]{0,200}$/,
);

/** A secret as text, or `{file: PATH}`, which is replaced by the file's text before this looks at it. */
export function secret(name: string, fits: (text: string) => boolean) {
  const expected = `${name}, as \${NAME} or {file: PATH}`;
  const file = z.strictObject({ file: localPath('the path of a file that holds the secret') });
  return z.union([z.string(), file], { error: expected }).transform((value, context) => {
    if (typeof value !== 'string' || !fits(value)) {
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    }
    return new Secret(value);
  });
}
