import * as z from 'zod';
import { fileSchema } from './schema.ts';

/** The JSON Schema of the configuration file, as text: what editors complete and underline with. */
export function jsonSchemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(fileSchema, { io: 'input', override: allowReferences });
  const titled = { $schema, title: 'Configuration of the etcd backup bot', ...schema };
  return `${withShortLists(JSON.stringify(titled, undefined, 2))}\n`;
}

const orReference = String.raw`|\$\{\w+\}`;

/**
 * Wherever a text has a form, `${NAME}` may stand for it: its value is looked at when the bot starts. Zod asks anew for
 * each wrapper around a text (optional, described) and hands over what it was given before.
 */
function allowReferences({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const { pattern } = jsonSchema;
  if (typeof pattern === 'string' && !pattern.endsWith(orReference))
    jsonSchema.pattern = `${pattern}${orReference}`;
}

/** Lists of words on one line, as the repository's formatter wants them. */
function withShortLists(json: string): string {
  return json.replace(
    /\[\n\s+([^[\]{}]*?)\n\s+\]/g,
    (_, inner: string) => `[${inner.replace(/\n\s+/g, ' ')}]`,
  );
}
