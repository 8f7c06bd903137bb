import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { exportedNoProxy, noProxyCovers } from '../../../src/domain/network/no-proxy.ts';

// By the rules of golang.org/x/net/http/httpproxy, which etcdctl follows.
const cases: [noProxy: string, host: string, covered: boolean][] = [
  ['', '10.0.0.12', false],
  ['*', '10.0.0.12', true],
  ['.svc, * ', 'fd00::12', true],
  ['10.0.0.12', '10.0.0.12', true],
  ['10.0.0.1', '10.0.0.12', false],
  ['10.0.0.12:2379', '10.0.0.12', true],
  ['10.0.0.12:2380', '10.0.0.12', false],
  ['10.0.0.0/16', '10.0.0.12', true],
  ['10.0.0.0/16', '10.1.0.12', false],
  ['10.0.0.5/16', '10.0.200.12', true],
  ['0.0.0.0/0', '10.0.0.12', true],
  ['10.0.0.12/32', '10.0.0.12', true],
  ['10.0.0.12/31', '10.0.0.13', true],
  ['10.0.0.0/33', '10.0.0.12', false],
  ['10.0.0.*', '10.0.0.12', false],
  ['.0.0.12', '10.0.0.12', false],
  ['10.0', '10.0.0.12', false],
  [' 172.30.0.0/16 , 10.0.0.0/8 ', '10.0.0.12', true],
  ['fd00::/48', 'fd00::12', true],
  ['fd00:0:0:1::/64', 'fd00::12', false],
  ['FD00::12', 'fd00:0:0:0:0:0:0:12', true],
  ['[fd00::12]:2379', 'fd00::12', true],
  ['[fd00::12]:443', 'fd00::12', false],
  ['::ffff:10.0.0.12', '10.0.0.12', true],
  ['::ffff:10.0.0.0/104', '10.9.9.9', true],
  ['::/0', '10.0.0.12', false],
  ['0.0.0.0/0', 'fd00::12', false],
  ['', '127.0.0.1', true],
  ['', '::1', true],
  ['', 'localhost', true],
  ['example.com', 'api.example.com', true],
  ['example.com', 'example.com', true],
  ['.example.com', 'example.com', false],
  ['*.example.com', 'api.example.com', true],
  ['example.com', 'notexample.com', false],
  ['example.com:443', 'api.example.com', false],
  ['Example.COM', 'API.example.com', true],
];

describe('a NO_PROXY list', () => {
  for (const [noProxy, host, covered] of cases) {
    it(`"${noProxy}" ${covered ? 'covers' : 'does not cover'} ${host}`, () => {
      assert.equal(noProxyCovers(noProxy, host), covered);
    });
  }

  it('covers an IPv4 address by a network exactly when their leading bits are equal', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (ip, network, prefix) => {
        const shift = BigInt(32 - prefix);
        const expected = bitsOf(ip) >> shift === bitsOf(network) >> shift || ip.startsWith('127.');
        assert.equal(noProxyCovers(`${network}/${prefix}`, ip), expected);
      }),
    );
  });

  it('covers every IPv6 address that it names, however it is written', () => {
    fc.assert(
      fc.property(fc.ipV6(), (ip) => {
        assert.ok(noProxyCovers(ip, ip.toUpperCase()));
        assert.ok(noProxyCovers(`${ip}/128`, ip));
      }),
    );
  });

  it('never throws, whatever it contains', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (noProxy, host) => typeof noProxyCovers(noProxy, host) === 'boolean',
      ),
    );
  });
});

function bitsOf(ip: string): bigint {
  return ip.split('.').reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

describe('the exported NO_PROXY', () => {
  it('keeps the cluster’s list and adds what is missing', () => {
    assert.equal(
      exportedNoProxy('.svc,10.0.0.0/16', '10.0.0.12'),
      '.svc,10.0.0.0/16,10.0.0.12,localhost,127.0.0.1',
    );
    assert.equal(exportedNoProxy('', 'fd00::12'), 'fd00::12,localhost,127.0.0.1');
  });

  it('adds nothing twice', () => {
    const list = '127.0.0.1,10.0.0.12,localhost';
    assert.equal(exportedNoProxy(list, '10.0.0.12'), list);
  });

  it('always covers the node, and changes nothing when applied again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.domain(), fc.ipV4(), fc.constantFrom('', ' ', '.svc'))),
        fc.oneof(fc.ipV4(), fc.ipV6()),
        (entries, ip) => {
          const once = exportedNoProxy(entries.join(','), ip);
          assert.ok(noProxyCovers(once, ip));
          assert.equal(exportedNoProxy(once, ip), once);
        },
      ),
    );
  });
});
