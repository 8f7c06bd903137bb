import type { Size } from './part.ts';
import { parts } from './parts.ts';

// One part in a process of its own, which bench/main.ts ends at the part's deadline. Exit: 0 kept, 1 broken, 2 not measured.
const [name = '', size = 'full'] = process.argv.slice(2);

try {
  const found = await parts[name]?.measure(size as Size);
  if (typeof found === 'object') {
    console.log(`${name}: not measured: ${found.notMeasured}`);
    process.exitCode = process.env.CI === 'true' ? 2 : 0;
  } else if (found !== 'kept') {
    console.log(`${name}: a bound is broken`);
    process.exitCode = 1;
  }
} catch (error) {
  console.error(`${name}: could not be measured:`, error);
  process.exitCode = 2;
}
