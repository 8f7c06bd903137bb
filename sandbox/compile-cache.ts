import path from 'node:path';
import { fileURLToPath } from 'node:url';

const standard = fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url));

/** For the environment of programs that a sandbox or a test starts: half of a start is compiling the same files again. */
export const compileCache = {
  NODE_COMPILE_CACHE: path.resolve(process.env.NODE_COMPILE_CACHE ?? standard),
} as const;
