import { DatabaseSync } from 'node:sqlite';

// Another program that holds the write lock of the records for some time: `lock-child.ts FILE MS`.
const [file = '', ms = '0'] = process.argv.slice(2);
const database = new DatabaseSync(file, { timeout: 60_000 });
database.exec('begin immediate');
process.stdout.write('locked\n');
setTimeout(() => {
  database.exec('rollback');
  database.close();
}, Number(ms));
