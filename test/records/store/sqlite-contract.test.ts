import { recordsContract } from '../../contracts/records.ts';
import { sqliteStore } from '../sqlite-store.ts';

recordsContract('SQLite', sqliteStore);
