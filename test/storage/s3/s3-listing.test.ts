import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { s3Destination } from '../../../src/storage/s3/s3.ts';
import type { Destination } from '../../../src/workflow/ports/destination.ts';
import { storageError } from '../../contracts/destination-samples.ts';
import { type Answer, s3Front } from '../s3-front.ts';

interface Page {
  readonly keys: readonly string[];
  readonly truncated?: boolean;
  readonly next?: string;
}

function pageOf({ keys, truncated, next }: Page): Answer {
  const contents = keys.map((key) => {
    const [name, at = '1'] = key.split('@');
    return `<Contents><Key>${name}</Key><LastModified>2026-01-0${at}T00:00:00.000Z</LastModified><Size>${at}</Size></Contents>`;
  });
  const body =
    `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
    `<Name>etcd-keys</Name>${contents.join('')}` +
    (truncated === undefined ? '' : `<IsTruncated>${truncated}</IsTruncated>`) +
    `${next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`}</ListBucketResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

/** A server that gives these pages: each for the token that leads to it, the first for none. */
async function listing(
  t: TestContext,
  answer: (token: string | undefined, count: number) => Answer,
): Promise<Destination> {
  const front = await s3Front();
  t.after(() => front.close());
  front.script = ({ url }) => {
    const token = new URL(url, front.endpoint).searchParams.get('continuation-token') ?? undefined;
    return answer(token, front.seen.length);
  };
  return s3Destination({
    name: 'vault',
    bucket: 'etcd-keys',
    prefix: 'p',
    endpoint: front.endpoint,
    region: 'us-east-1',
    pathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret-value' },
    ca: undefined,
    encryption: undefined,
    lock: undefined,
    checksum: 'sha256',
    clock: { now: () => Date.now() },
    limits: { attempts: 1 },
  });
}

const short = (error: unknown): boolean =>
  storageError('other')(error) && /whole listing/.test(String(error));

suite('S3: a listing is whole or an error', () => {
  test('page after page, also empty ones', async (t) => {
    const pages: Readonly<Record<string, Page>> = {
      first: { keys: ['p/a', 'p/b'], truncated: true, next: 'one' },
      one: { keys: [], truncated: true, next: 'two' },
      two: { keys: ['p/c'], truncated: false },
    };
    const place = await listing(t, (token = 'first') => pageOf(pages[token] ?? { keys: [] }));
    assert.deepEqual(
      (await place.list('')).map(({ key }) => key),
      ['a', 'b', 'c'],
    );
  });

  test('a page that is not the last needs a token', async (t) => {
    for (const next of [undefined, '']) {
      const page = pageOf({ keys: ['p/a'], truncated: true, ...(next === undefined ? {} : { next }) });
      const place = await listing(t, () => page);
      await assert.rejects(place.list(''), short);
    }
  });

  test('a token that comes again would never end', async (t) => {
    const place = await listing(t, (_, count) =>
      pageOf({ keys: [`p/a${count}`], truncated: true, next: 'same' }),
    );
    await assert.rejects(place.list(''), short);
    const circle = await listing(t, (_, count) =>
      pageOf({ keys: [`p/a${count}`], truncated: true, next: `${count % 3}` }),
    );
    await assert.rejects(circle.list(''), short);
  });

  test('new tokens for ever, and nothing new behind them, end', async (t) => {
    const place = await listing(t, (_, count) =>
      pageOf({ keys: ['p/a'], truncated: true, next: `${count}` }),
    );
    await assert.rejects(place.list(''), short);
  });

  test('an answer that does not say whether it is whole is no listing', async (t) => {
    const answers: readonly Answer[] = [
      pageOf({ keys: ['p/a'] }),
      pageOf({ keys: [] }),
      { status: 200, headers: { 'content-type': 'application/xml' }, body: '<Other/>' },
      { status: 200, body: '' },
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>Log in</body></html>' },
    ];
    for (const answer of answers) {
      const place = await listing(t, () => answer);
      await assert.rejects(place.list(''), storageError('other'), String(answer.body));
    }
  });

  test('a token beside the last page leads nowhere', async (t) => {
    const place = await listing(t, () => pageOf({ keys: ['p/a'], truncated: false, next: 'more' }));
    assert.equal((await place.list('')).length, 1);
  });

  test('keys that come twice, unordered or from elsewhere: each of ours once, the youngest, in order', async (t) => {
    const pages: Readonly<Record<string, Page>> = {
      first: { keys: ['p/c@3', 'p/a@1', 'q/x@1', 'p@1'], truncated: true, next: 'one' },
      one: { keys: ['p/a@2', 'p/c@1', 'p/b@1'], truncated: false },
    };
    const place = await listing(t, (token = 'first') => pageOf(pages[token] ?? { keys: [] }));
    const found = await place.list('');
    assert.deepEqual(
      found.map(({ key, size }) => [key, size]),
      [
        ['a', 2],
        ['b', 1],
        ['c', 3],
      ],
    );
  });
});
