import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known, unknown } from '../../../src/domain/cluster/reading.ts';
import { check, found, troubles } from './check.ts';

describe('backups by the cluster’s own preview API', () => {
  it('are warned of by name, and stop nothing', () => {
    const result = check({ previewBackups: known(['Backup nightly', 'EtcdBackup once']) });
    assert.deepEqual(troubles(result), ['warning backup-api.preview-in-use']);
    assert.deepEqual(found(result, 'warning', 'backup-api.preview-in-use'), {
      names: ['Backup nightly', 'EtcdBackup once'],
    });
    assert.ok(result.plan);
  });

  it('are counted where they are many', () => {
    const names = Array.from({ length: 3_000 }, (_, n) => `EtcdBackup nightly-${n}`);
    const result = check({ previewBackups: known(names) });
    assert.deepEqual(found(result, 'warning', 'backup-api.preview-in-use'), {
      names: names.slice(0, 10),
      more: 2_990,
    });
  });

  it('are not spoken of where there are none, or where that is not known', () => {
    assert.deepEqual(troubles(check({ previewBackups: known([]) })), []);
    assert.deepEqual(troubles(check({ previewBackups: unknown('forbidden', 'HTTP 403') })), []);
  });
});
