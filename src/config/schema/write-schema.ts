import { writeFile } from 'node:fs/promises';
import { jsonSchemaText } from './json-schema.ts';

await writeFile(new URL('../../../docs/config.schema.json', import.meta.url), jsonSchemaText());
