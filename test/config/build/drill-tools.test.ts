import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { summary } from '../../../src/config/check/summary.ts';
import { configText, loadText, mistakesIn } from '../load-text.ts';

test('sets of programs for drills are directories by etcd’s minor release; without them nothing changes', async () => {
  const plain = await loadText(configText({}));
  assert.deepEqual([plain.drillTools, plain.drillDir], [undefined, undefined]);
  const changes = { drillTools: { '3.4': '/opt/etcd/3.4', '3.5': 'etcd-3.5' }, drillDir: 'drills' };
  const config = await loadText(configText(changes));
  assert.deepEqual(config.drillTools, { '3.4': '/opt/etcd/3.4', '3.5': '/etc/bot/etcd-3.5' });
  assert.equal(config.drillDir, '/etc/bot/drills');
  assert.match(summary('config.yaml', config).join('\n'), /^drills with etcd 3\.5: \/etc\/bot\/etcd-3\.5$/m);
});

test('a set under no minor release, without a directory, and no set at all are mistakes that name the key', async () => {
  const wrong = async (drillTools: unknown) => (await mistakesIn(configText({ drillTools }))).join('\n');
  assert.match(await wrong({ '3.5.16': '/opt' }), /^drillTools.*one for each minor release/);
  assert.match(await wrong({ etcd: '/opt' }), /^drillTools/);
  assert.match(await wrong({ '3.5': 7 }), /^drillTools.*a directory with etcd/);
  assert.match(await wrong({}), /^drillTools.*at least one set/);
  assert.match(await wrong('/opt/etcd'), /^drillTools/);
});
