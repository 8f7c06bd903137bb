import * as z from 'zod';
import { localPath } from './values.ts';

const minor = z
  .string()
  .regex(/^[34]\.\d{1,2}$/, { error: 'a minor release of etcd as a text, such as "3.5"' });

/** Each set belongs to one minor release of etcd: only its own programs can show that a snapshot is damaged. */
export const drillToolsSchema = z
  .record(minor, localPath('the path of a directory with etcd, etcdctl and etcdutl'), {
    error: '"3.5": DIRECTORY, one for each minor release of etcd',
  })
  .refine((sets) => Object.keys(sets).length > 0, {
    error: 'at least one set, or no drillTools: the programs in PATH are used then',
  });
