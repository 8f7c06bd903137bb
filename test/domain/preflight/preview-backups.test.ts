import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known, unknown } from '../../../src/domain/reading.ts';
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

  it('are not spoken of where there are none, or where that is not known', () => {
    assert.deepEqual(troubles(check({ previewBackups: known([]) })), []);
    assert.deepEqual(troubles(check({ previewBackups: unknown('forbidden', 'HTTP 403') })), []);
  });
});
