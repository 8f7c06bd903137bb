import * as z from 'zod';
import { fileSchema } from './schema.ts';

const orReference = String.raw`|\$\{\w+\}`;

/** The JSON Schema of the configuration file, as text: what editors complete and underline with. */
export function jsonSchemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(fileSchema, {
    io: 'input',
    // Zod asks again for each wrapper around a value (optional, described) and hands over what it was given before.
    override({ zodSchema, jsonSchema }) {
      const { pattern, default: standard } = jsonSchema;
      // Wherever a text has a form, `${NAME}` may be used instead: its value is looked at when the bot starts.
      if (typeof pattern === 'string' && !pattern.endsWith(orReference)) {
        jsonSchema.pattern = `${pattern}${orReference}`;
      }
      // Last, as people read it. Of what is converted when it is read, such as a duration, the example file alone shows it.
      delete jsonSchema.default;
      if (standard !== undefined && !(zodSchema instanceof z.ZodPrefault)) jsonSchema.default = standard;
    },
  });
  // They may all be in clusters.d: that there is one at all is looked at when the bot starts.
  schema.required = schema.required?.filter((key) => key !== 'clusters') ?? [];
  delete (schema.properties?.clusters as { minItems?: number } | undefined)?.minItems;
  const titled = { $schema, title: 'Configuration of the etcd backup bot', ...schema };
  return `${withShortLists(JSON.stringify(titled, undefined, 2))}\n`;
}

/** Lists of words on one line, as the repository's formatter wants them. */
function withShortLists(json: string): string {
  return json.replace(
    /\[\n\s+([^[\]{}]*?)\n\s+\]/g,
    (_, inner: string) => `[${inner.replace(/\n\s+/g, ' ')}]`,
  );
}
