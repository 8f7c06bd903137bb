// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { loadConfig } from '../../../src/config/build/load.ts';
import { errorLines } from '../../../src/config/file/mistake.ts';
import { configText, tokens } from '../load-text.ts';

/** What check-config prints of a text, without the file's name before each mistake. */
async function printed(text: string, directories: readonly string[] = []): Promise<readonly string[]> {
  const loading = loadConfig({
    file: '/etc/bot/config.yaml',
    env: tokens,
    readFile: async (path) => {
      if (path === '/etc/bot/config.yaml') return text;
      throw Object.assign(new Error(path), { code: directories.includes(path) ? 'EISDIR' : 'ENOENT' });
    },
    isDirectory: async (path) => directories.includes(path),
  });
  const lines = await loading.then(() => assert.fail('loaded without a mistake'), errorLines);
  return lines.map((line) => line.replace(/^\/etc\/bot\/config\.yaml: /, ''));
}

const rest = 'records: { file: x }\npeople:\n  - { slack: U0000000001, user: a }\n';

/** No YAML: what is printed, to the letter. Values are never shown: any of them may be a secret. */
const noYaml: Readonly<Record<string, readonly [text: string, ...lines: string[]]>> = {
  'a tab': [
    `slack:\n  botToken: xoxb-1-secret\n\tappToken: xapp-1-secret\n${rest}`,
    'the file (line 3): expected a YAML file; found a tab as indentation (use spaces)',
    '  3 | → appToken: …',
    '    | ^',
  ],
  'a tab in a list': [
    'clusters:\n  - name: x\n\t  channel: C1\n    owners: [a]\n    drill: true\n',
    'the file (line 3): expected a YAML file; found a tab as indentation (use spaces)',
    '  3 | →   channel: …',
    '    | ^',
  ],
  'a line that is indented too far': [
    `slack:\n  botToken: \${A}\n   appToken: \${B}\n${rest}`,
    'the file (line 3): expected an indentation of 2 or 0 spaces, as above; found 3 spaces',
    '  3 |    appToken: …',
    '    |    ^',
  ],
  'a line between two levels': [
    `clusters:\n  - name: x\n    channel: 1\n   owners: 2\n    drill: 3\n${rest}`,
    'the file (line 4): expected an indentation of 4, 2 or 0 spaces, as above; found 3 spaces',
    '  4 |    owners: …',
    '    |    ^',
  ],
  'a line that comes back too little': [
    'clusters:\n  - name: x\n    session:\n      image: 1\n     namespace: 3\n',
    'the file (line 5): expected an indentation of 6, 4, 2 or 0 spaces, as above; found 5 spaces',
    '  5 |      namespace: …',
    '    |      ^',
  ],
  'a key that comes twice': [
    'slack:\n  botToken: a\nlanguage: en\nslack:\n  appToken: b\nlanguage: ko\n',
    'the file (line 4): expected a YAML file; found the key "slack" a second time (first in line 1)',
    '  4 | slack:',
    '    | ^',
    'the file (line 6): expected a YAML file; found the key "language" a second time (first in line 3)',
    '  6 | language: …',
    '    | ^',
  ],
  'a double quote that is never closed': [
    `slack:\n  botToken: "xoxb-secret\n  appToken: x\n${rest}# the end\n`,
    'the file (line 2): expected a YAML file; found a " that is opened here and never closed',
    '  2 |   botToken: "…',
    '    |             ^',
  ],
  'a single quote that is never closed': [
    "people:\n  - { slack: 'U1, user: requester }\nlanguage: en\n",
    "the file (line 2): expected a YAML file; found a ' that is opened here and never closed",
    "  2 |   - { slack: '…, user: … }",
    '    |              ^',
  ],
  'a bracket that is never closed': [
    'clusters:\n  - name: x\n    owners: [U1, U2\n    drill: true\n',
    'the file (line 3): expected a YAML file; found a [ that is opened here and never closed',
    '  3 |     owners: […, …',
    '    |             ^',
  ],
  'a dash without its space': [
    'clusters:\n  -name: x\n   drill: true\n',
    'the file (line 2): expected a YAML file; found a dash without a space after it',
    '  2 |   -name: …',
    '    |   ^',
  ],
  'a key without its colon': [
    `slack:\n  botToken xoxb-secret\n  appToken: b\n${rest}`,
    'the file (line 2): expected a YAML file; found a key without its colon',
    '  2 |   …',
    '    |   ^',
  ],
  'a colon in a text': [
    'summary: weekly: yes\n',
    'the file (line 1): expected a YAML file; found two keys on one line (a text with a colon needs quotes)',
    '  1 | summary: weekly: …',
    '    |          ^',
  ],
  'a sign at the beginning of a text': [
    'people:\n  - slack: @approver\n',
    'the file (line 2): expected a YAML file; found a text that begins with @ (put it in quotes)',
    '  2 |   - slack: @…',
    '    |            ^',
  ],
  'an alias without its anchor': [
    'people: *everyone\n',
    'the file (line 1): expected a YAML file; found *everyone, an alias whose anchor (&everyone) is not above it',
    '  1 | people: *…',
    '    |         ^',
  ],
};

for (const [name, [text, ...lines]] of Object.entries(noYaml)) {
  test(`${name}: one mistake, with its line and a caret`, async () => {
    assert.deepEqual(await printed(text), lines);
  });
}

test('no part of a line that is shown is a secret, wherever the line breaks off', async () => {
  const secrets = ['xoxb-4711-botSecretValue', 'S3cr3tKey', 'correct horse battery staple'];
  const forms = secrets.flatMap((secret) => [
    `\tbotToken: ${secret}\n`,
    `slack: { botToken: "${secret}, appToken: ${secret}\n`,
    `a:\n  b: |\n    ${secret}\n   ${secret}\n\tc: ${secret}\n`,
    `a:\n\t${secret}\n`,
    `a: @${secret}\n`,
    `a: x\n  b: ${secret}\n`,
    `a: [${secret}\nb: 1\n`,
    `a: x # ${secret}\n\tb: 1 # ${secret}\n`,
  ]);
  for (const text of forms) {
    const lines = (await printed(text)).join('\n');
    for (const word of secrets.flatMap((secret) => secret.split(' '))) {
      assert.ok(!lines.includes(word), `${JSON.stringify(text)} shows ${word}:\n${lines}`);
    }
  }
});

const place = (line: number) => `(line ${line})`;

/** YAML, and not what its writer meant. */
const misread: Readonly<Record<string, readonly [text: string, line: string]>> = {
  'a variable without braces, at a secret': [
    configText({ slack: { botToken: '$SLACK_BOT_TOKEN', appToken: '${SLACK_APP_TOKEN}' } }),
    `slack.botToken ${place(1)}: expected the bot token (starts with xoxb-, at least 10 characters), as \${NAME} or {file: PATH}; found a value (not shown) (a variable is written with braces: \${NAME})`,
  ],
  'a variable without braces, in a path': [
    configText({ records: { file: '$HOME/records.db' } }),
    `records.file ${place(1)}: expected the path of the database file; found "$HOME/records.db" (a variable is written with braces: \${NAME})`,
  ],
  'a variable without braces, at another key': [
    configText({}, { channel: '$CHANNEL' }),
    `clusters[0].channel ${place(1)}: expected the id of a Slack channel: C or G and capital letters or digits, such as C0123456789; found "$CHANNEL" (a variable is written with braces: \${NAME})`,
  ],
  'a home directory': [
    configText({ records: { file: '~/records.db' } }),
    `records.file ${place(1)}: expected the path of the database file; found "~/records.db" (~ is not replaced: write the whole path, or \${HOME}/…)`,
  ],
  'a home directory, for a secret': [
    configText({ slack: { botToken: '${SLACK_BOT_TOKEN}', appToken: { file: '~/app-token' } } }),
    `slack.appToken ${place(1)}: expected a readable file "/etc/bot/~/app-token"; found no such file (~ is not replaced: write the whole path, or \${HOME}/…)`,
  ],
  '~ alone': [
    configText().replace('"records.db"', '~'),
    `records.file ${place(1)}: expected the path of the database file; found ~, which means nothing in YAML`,
  ],
  'a port out of range': [
    configText({ health: { port: 70_000 } }),
    `health.port ${place(1)}: expected a whole number from 1 to 65535; found the number 70000`,
  ],
  'a port in quotes': [
    configText({ health: { port: '8080' } }),
    `health.port ${place(1)}: expected a whole number from 1 to 65535; found "8080" (without quotes it is a number)`,
  ],
  'a port without its key': [
    configText({ health: 8080 }),
    `health ${place(1)}: expected port: NUMBER; found the number 8080`,
  ],
  'a port out of range, in an address': [
    configText({
      slack: {
        botToken: '${SLACK_BOT_TOKEN}',
        appToken: '${SLACK_APP_TOKEN}',
        apiUrl: 'https://slack.example.com:99999/',
      },
    }),
    `slack.apiUrl ${place(1)}: expected an https:// address without user, password or query, such as https://slack.com/api/ or https://slack-gov.com/api/; found "https://slack.example.com:99999/" (ports end at 65535)`,
  ],
  'a merge key': [
    `slack: { botToken: "\${SLACK_BOT_TOKEN}", appToken: "\${SLACK_APP_TOKEN}" }
records: { file: records.db }
people: [{ slack: U0000000001, user: requester }, { slack: U0000000002, user: approver }]
clusters:
  - &base
    name: a
    connect: { inCluster: true }
    channel: C0000000001
  - <<: *base
    name: b
`,
    'clusters[1]["<<"] (line 9): expected each key by itself; found a merge key (<<), which is not supported (repeat the keys; what all clusters share goes under defaults, and an alias (*name) repeats a whole value)',
  ],
};

for (const [name, [text, line]] of Object.entries(misread)) {
  test(`${name}: one line that says what to write`, async () => {
    assert.deepEqual(await printed(text), [line]);
  });
}

test('a directory where a file is expected: which file to name', async () => {
  assert.deepEqual(await printed(configText({ records: { file: '/var/lib/bot' } }), ['/var/lib/bot']), [
    'records.file (line 1): expected the path of the database file; found a directory (add the name of a file, such as /var/lib/bot/records.db)',
  ]);
  const slack = { botToken: '${SLACK_BOT_TOKEN}', appToken: { file: '/run/secrets' } };
  assert.deepEqual(await printed(configText({ slack }), ['/run/secrets']), [
    'slack.appToken (line 1): expected a readable file "/run/secrets"; found a directory',
  ]);
});
