import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { ProxyAddress } from '../../../src/domain/network/proxy-address.ts';
import { proxyRefusalIn, proxyRefusalText } from '../../../src/domain/network/proxy-refusal.ts';
import { proxyFor } from '../../../src/domain/network/proxy-settings.ts';

const address = (text: string) => ProxyAddress.parse(text) ?? assert.fail(`no address: ${text}`);

describe('the address of a proxy', () => {
  it('is read as Go reads it, and given on so that every parser reads the same', () => {
    const written: readonly (readonly [string, string, string])[] = [
      ['http://proxy.example.com:3128', 'http://proxy.example.com:3128', 'http://proxy.example.com:3128'],
      ['proxy.example.com:3128', 'http://proxy.example.com:3128', 'http://proxy.example.com:3128'],
      ['HTTPS://proxy.example.com/', 'https://proxy.example.com', 'https://proxy.example.com'],
      ['http://me:p%40ss@proxy:80', 'http://proxy', 'http://me:p%40ss@proxy'],
      ['http://me:p@ss@w/rd?#@proxy:8080', 'http://proxy:8080', 'http://me:p%40ss%40w%2Frd%3F%23@proxy:8080'],
      ['http://me:100%@proxy:8080', 'http://proxy:8080', 'http://me:100%25@proxy:8080'],
      ['http://corp%5Cme:a$&b@proxy:8080', 'http://proxy:8080', 'http://corp%5Cme:a%24%26b@proxy:8080'],
      ['http://me@proxy:8080', 'http://proxy:8080', 'http://me@proxy:8080'],
      ['http://me:a://b@proxy:8080', 'http://proxy:8080', 'http://me:a%3A%2F%2Fb@proxy:8080'],
      ['me:a://b@proxy:8080', '', ''],
      ['http://[fd00::1]:3128', 'http://[fd00::1]:3128', 'http://[fd00::1]:3128'],
    ];
    for (const [text, origin, href] of written) {
      const read = ProxyAddress.parse(text);
      assert.deepEqual([read?.origin ?? '', read?.href() ?? ''], [origin, href], text);
    }
  });

  it('is refused where it is no address of an HTTP proxy', () => {
    for (const text of [
      '',
      '  ',
      'socks5://proxy:1080',
      'http://',
      'http://proxy:99999',
      'http://proxy/path',
      'a b',
    ]) {
      assert.equal(ProxyAddress.parse(text), undefined, text);
    }
  });

  it('prints without user and password, and knows what must be written nowhere', () => {
    const proxy = address('http://robot:s3cret@word@proxy.example.com:3128');
    for (const text of [`${proxy}`, JSON.stringify({ proxy }), inspect({ proxy }, { depth: 9 })]) {
      assert.match(text, /proxy\.example\.com:3128/);
      assert.doesNotMatch(text, /robot|s3cret/);
    }
    for (const secret of ['s3cret@word', 's3cret%40word', 'robot:s3cret@word']) {
      assert.ok(proxy.secrets().includes(secret), secret);
    }
  });
});

describe('the way to an address', () => {
  const https = address('http://proxy:3128');
  const http = address('http://plain:3128');
  const way = (noProxy: string, url: string) => proxyFor({ https, http, noProxy }, url)?.origin ?? 'direct';

  it('goes by the scheme', () => {
    assert.equal(way('', 'https://slack.com/api/'), 'http://proxy:3128');
    assert.equal(way('', 'wss://wss-primary.slack.com/link'), 'http://proxy:3128');
    assert.equal(way('', 'http://s3.example.com'), 'http://plain:3128');
    assert.equal(proxyFor({ https, http: undefined, noProxy: '' }, 'http://s3.example.com'), undefined);
    assert.equal(proxyFor(undefined, 'https://slack.com'), undefined);
  });

  it('goes by NO_PROXY as Go reads it', () => {
    const rules: readonly (readonly [string, string, boolean])[] = [
      ['example.com', 'https://example.com', true],
      ['example.com', 'https://api.example.com:6443', true],
      ['example.com', 'https://notexample.com', false],
      ['.example.com', 'https://example.com', false],
      ['.example.com', 'https://api.example.com', true],
      ['*.example.com', 'https://api.example.com', true],
      ['api.example.com:6443', 'https://api.example.com:6443', true],
      ['api.example.com:6443', 'https://api.example.com', false],
      ['api.example.com:443', 'https://api.example.com', true],
      ['10.0.0.0/8', 'https://10.1.2.3:6443', true],
      ['10.0.0.0/8', 'https://11.1.2.3:6443', false],
      ['fd00::/8', 'https://[fd00::1]:6443', true],
      [' a , EXAMPLE.com ', 'https://api.Example.COM', true],
      ['*', 'https://anything.example', true],
      ['', 'https://localhost:8080', true],
      ['', 'https://127.0.0.1', true],
    ];
    for (const [noProxy, url, direct] of rules)
      assert.equal(way(noProxy, url) === 'direct', direct, `${noProxy} for ${url}`);
  });
});

describe('what a proxy refuses', () => {
  it('is recognised in the words of undici and of Node.js', () => {
    assert.equal(proxyRefusalIn('Proxy response (407) !== 200 when HTTP Tunneling'), 407);
    const node = 'Failed to establish tunnel to s3.test:443 via http://127.0.0.1:1/: HTTP/1.1 403 Forbidden';
    assert.equal(proxyRefusalIn(node), 403);
    assert.equal(proxyRefusalIn('connect ECONNREFUSED 10.0.0.1:3128'), undefined);
    assert.match(proxyRefusalText(407), /user and a password/);
    assert.match(proxyRefusalText(502), /cannot reach/);
  });
});
