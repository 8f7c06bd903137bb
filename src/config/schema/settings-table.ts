import * as z from 'zod';
import { jsonSchemaText } from './json-schema.ts';

/** One key of the file: the row of a table. */
interface Row {
  readonly path: string;
  readonly description: string;
  /** As it is written; undefined: none is given, or it is converted when it is read. */
  readonly standard: string | undefined;
  readonly isRequired: boolean;
}

const node = z.object({
  description: z.string().optional(),
  default: z.unknown().optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

const head = `# Configuration, key by key

Every key of the one YAML file, written from its schema by \`npm run config-schema\`. [config.example.yaml](../config.example.yaml) shows
each in use, with its standard value in plain words; \`npm run check-config -- FILE\` says what is wrong with yours, and
[config.schema.json](config.schema.json) lets an editor complete it. \`[]\` is an entry of a list, \`*\` a name of your own.

Durations have a unit (90s, 30m, 2h, 30d). \`\${NAME}\` inside any text is an environment variable; secrets may also be
\`{ file: PATH }\`. Relative paths start at the file's directory. \`defaults\` takes every key of a cluster but \`name\` and \`connect\`.

| Key | Needed or standard | What it is |
| --- | --- | --- |
`;

/** docs/configuration.md as the schema has it. */
export function settingsText(): string {
  const rows = rowsOf('', JSON.parse(jsonSchemaText()));
  const lines = rows.map(
    ({ path, description, standard, isRequired }) =>
      `| \`${path}\` | ${isRequired ? 'needed' : standard === undefined ? '' : `\`${standard}\``} | ${cell(description)} |`,
  );
  return `${head}${lines.join('\n')}\n`;
}

function rowsOf(path: string, raw: unknown): readonly Row[] {
  const { properties = {}, required = [], items, anyOf = [] } = node.parse(raw);
  const own = Object.entries(properties)
    // What holds for all clusters is what holds for one.
    .filter(() => !path.startsWith('defaults'))
    .flatMap(([key, inner]) => {
      const { description, default: standard } = node.parse(inner);
      const at = path === '' ? key : `${path}.${key}`;
      const row = {
        path: at,
        description: description ?? '',
        standard: standard === undefined ? undefined : JSON.stringify(standard),
        isRequired: required.includes(key),
      };
      return [...(description === undefined ? [] : [row]), ...rowsOf(at, inner)];
    });
  return [
    ...own,
    ...(items === undefined ? [] : rowsOf(`${path}[]`, items)),
    ...anyOf.flatMap((each) => rowsOf(path, each)),
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('*', '\\*');
}
