import { writeFile } from 'node:fs/promises';
import { jsonSchemaText } from './json-schema.ts';
import { settingsText } from './settings-table.ts';

await writeFile(new URL('../../../docs/config.schema.json', import.meta.url), jsonSchemaText());
await writeFile(new URL('../../../docs/configuration.md', import.meta.url), settingsText());
