import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CertificateFacts } from '../../../src/domain/cluster/facts.ts';
import { known, type Reading } from '../../../src/domain/cluster/reading.ts';
import { certificate, dayMs, hourMs, image, noon, unread, version } from '../../support/cluster-facts.ts';
import { check, found, troubles } from './check.ts';

const csr = 'csr-controller-ca';
const aggregator = 'kube-apiserver-aggregator-client-ca';
const rotated = [certificate(noon - 10 * dayMs, 30 * dayMs)];

function checkBundles(
  bundles: Record<string, readonly CertificateFacts[] | typeof unread>,
  installedAgoMs = 90 * dayMs,
) {
  const installedAt = noon - installedAgoMs;
  const history = [
    {
      state: 'Completed',
      version: '4.16.8',
      image,
      startedAt: installedAt - hourMs,
      completedAt: installedAt,
    },
  ];
  const caBundles = Object.entries(bundles).map(([name, found]) => {
    const bundle: Reading<{ name: string; certificates: readonly CertificateFacts[] }> =
      'ok' in found ? found : known({ name, certificates: found });
    return { name, bundle };
  });
  return check({ version: known(version({ history })), caBundles });
}

describe('the first certificate rotation', () => {
  it('is over when the cluster is a day old and both bundles hold long-lived certificates only', () => {
    const result = checkBundles({ [csr]: rotated, [aggregator]: rotated });
    assert.deepEqual(troubles(result), []);
    assert.deepEqual(found(result, 'passed', 'certificates.rotated'), { installedAt: noon - 90 * dayMs });
  });

  it('is not over in the first 24 hours, whatever the bundles say, and names when to try again', () => {
    const result = checkBundles({ [csr]: rotated, [aggregator]: rotated }, 23 * hourMs);
    assert.deepEqual(found(result, 'blocker', 'certificates.too-young'), {
      installedAt: noon - 23 * hourMs,
      retryAt: noon + hourMs,
    });
    assert.deepEqual(troubles(checkBundles({ [csr]: rotated, [aggregator]: rotated }, 24 * hourMs)), []);
  });

  it('takes the oldest history entry for the installation: updates do not make a cluster young', () => {
    const history = [
      {
        state: 'Completed',
        version: '4.16.8',
        image,
        startedAt: noon - 3 * hourMs,
        completedAt: noon - 2 * hourMs,
      },
      {
        state: 'Completed',
        version: '4.15.1',
        image: 'old',
        startedAt: noon - 60 * dayMs,
        completedAt: noon - 59 * dayMs,
      },
    ];
    assert.deepEqual(troubles(check({ version: known(version({ history })) })), []);
  });

  for (const [name, other] of [
    [csr, aggregator],
    [aggregator, csr],
  ] as const) {
    it(`is not over while ${name} still holds an unexpired certificate of one day beside long-lived ones`, () => {
      const short = certificate(noon - 20 * hourMs, dayMs);
      const result = checkBundles({ [name]: [...rotated, short], [other]: rotated });
      const params = { bundle: name, retryAt: noon + 4 * hourMs };
      assert.deepEqual(found(result, 'blocker', 'certificates.installer-signer-in-use'), params);
    });
  }

  it('counts a validity of 48 hours as short and of a second more as long', () => {
    const short = certificate(noon - hourMs, 2 * dayMs);
    const long = certificate(noon - hourMs, 2 * dayMs + 1000);
    assert.deepEqual(troubles(checkBundles({ [csr]: [short], [aggregator]: rotated })), [
      'blocker certificates.installer-signer-in-use',
    ]);
    assert.deepEqual(troubles(checkBundles({ [csr]: [long], [aggregator]: rotated })), []);
  });

  it('does not mind a short-lived certificate that has expired', () => {
    const expired = certificate(noon - 3 * dayMs, dayMs);
    assert.deepEqual(troubles(checkBundles({ [csr]: [...rotated, expired], [aggregator]: rotated })), []);
  });

  it('lets the age decide, with a warning that names it, where a bundle cannot be read', () => {
    const result = checkBundles({ [csr]: rotated, [aggregator]: unread });
    const { bundle } = found(result, 'warning', 'certificates.age-only');
    assert.equal(bundle, aggregator);
    assert.deepEqual(troubles(checkBundles({ [csr]: unread, [aggregator]: rotated }, 3 * hourMs)), [
      'blocker certificates.too-young',
    ]);
  });

  it('still blocks by the readable bundle when the other one cannot be read', () => {
    const short = certificate(noon - hourMs, dayMs);
    assert.deepEqual(troubles(checkBundles({ [csr]: unread, [aggregator]: [short] })), [
      'blocker certificates.installer-signer-in-use',
    ]);
  });

  it('warns when the history does not show the installation', () => {
    const history = [{ state: 'Completed', version: '4.16.8', image }];
    assert.deepEqual(troubles(check({ version: known(version({ history })) })), [
      'warning certificates.install-time-unknown',
    ]);
  });
});
