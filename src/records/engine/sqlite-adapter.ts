import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely';
import { whenAsked } from './asked-at.ts';
import type { StillThere } from './file-identity.ts';
import { explained, isBusy } from './sqlite-errors.ts';

type KyselyDatabase = Exclude<SqliteDialectConfig['database'], (...args: never[]) => unknown>;

/** With SQLite's default of 0 a second opener fails at once. */
export const busyTimeoutMs = 5_000;

/**
 * Kysely's SQLite dialect over Node's own `node:sqlite`. Errors name `file`. `stillThere` is asked before and after each
 * transaction: none counts as written that went into a file that is no longer reachable.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #stillThere: StillThere;

  constructor(database: DatabaseSync, file: string, stillThere: StillThere = () => undefined) {
    super({ database: asKyselyExpects(database, file) });
    this.#database = database;
    this.#file = file;
    this.#stillThere = stillThere;
  }

  override createDriver(): Driver {
    return new NodeSqliteDriver(this.#database, this.#file, this.#stillThere);
  }
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #stillThere: StillThere;

  constructor(database: DatabaseSync, file: string, stillThere: StillThere) {
    super({ database: asKyselyExpects(database, file) });
    this.#database = database;
    this.#file = file;
    this.#stillThere = stillThere;
  }

  /** `immediate`: a transaction that reads first and writes later would fail where another one wrote in between. */
  override async beginTransaction(): Promise<void> {
    this.#stillThere();
    const begin = () => withoutWaiting(this.#database, 'begin immediate');
    await explaining(this.#file, () => patiently(begin, whenAsked()));
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#stillThere();
  }

  /** After a full disk SQLite has rolled back already; a second rollback would hide the error that gives the reason. */
  override async rollbackTransaction(): Promise<void> {
    if (this.#database.isTransaction) this.#database.exec('rollback');
  }
}

/**
 * Repeats `attempt` while the database is busy, up to `busyTimeoutMs` after `since` (monotonic clock), and lets the event loop
 * run meanwhile: SQLite's own waiting blocks it, and the transaction that holds the lock may be this process's own. There is
 * one connection, so others queue behind this wait: their time in the queue counts, or each would add its own to it.
 */
export async function patiently<T>(attempt: () => T, since: number): Promise<T> {
  for (let wait = 1; ; wait = Math.min(wait * 2, 20)) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() - since >= busyTimeoutMs) throw error;
      await pause(wait);
    }
  }
}

function withoutWaiting(database: DatabaseSync, statement: string): void {
  database.exec('pragma busy_timeout = 0');
  try {
    database.exec(statement);
  } finally {
    database.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
  }
}

async function explaining<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, file);
  }
}

function asKyselyExpects(database: DatabaseSync, file: string): KyselyDatabase {
  function explain<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explained(error, file);
    }
  }
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = explain(() => database.prepare(sql));
      return {
        reader: statement.columns().length > 0,
        all: (values) => explain(() => statement.all(...(values as SQLInputValue[]))),
        run: (values) => explain(() => statement.run(...(values as SQLInputValue[]))),
        iterate: (values) => statement.iterate(...(values as SQLInputValue[])),
      };
    },
  };
}
