import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Manifest } from '../../src/domain/copies/manifest-document.ts';
import { restorePlan } from '../../src/domain/restore/restore-plan.ts';
import { restoreText } from '../../src/restore/restore-text.ts';
import { aManifest, anotherManifest, dayMs, startedAt } from '../support/manifests.ts';

function text(
  manifests: readonly Manifest[],
  zStream: string | undefined,
  days: number,
  language: 'en' | 'ko',
) {
  const need = {
    zStream,
    clusterId: undefined,
    runId: undefined,
    now: startedAt + days * dayMs + 3 * 3_600_000,
  };
  return restoreText(restorePlan(manifests, need), 'prod-east', language, '1.2.3');
}

const proxied = {
  ...anotherManifest({ runId: 'r-abcdefgh', zStream: '4.20.5', topology: 'HighlyAvailableArbiter' }),
  proxyUsed: true,
};

/** Each text as a file; `UPDATE_GOLDEN=1` writes them, to be read as a diff. */
const cases: Record<string, readonly [readonly Manifest[], string | undefined, number]> = {
  'several-nodes-by-hand': [[aManifest()], '4.16.8', 0],
  'several-nodes': [
    [
      anotherManifest({ runId: 'r-next0000', zStream: '4.20.6', at: startedAt + 2 * dayMs }),
      anotherManifest({
        runId: 'r-half0000',
        zStream: '4.20.5',
        at: startedAt + dayMs,
        proven: ['snapshot'],
      }),
      proxied,
      anotherManifest({ runId: 'r-older000', zStream: '4.20.5', at: startedAt - dayMs }),
    ],
    '4.20.5',
    40,
  ],
  'single-node': [
    [anotherManifest({ runId: 'r-abcdefgh', zStream: '4.19.8', topology: 'SingleReplica' })],
    undefined,
    1,
  ],
  'two-nodes-with-fencing': [
    [anotherManifest({ runId: 'r-abcdefgh', zStream: '4.22.1', topology: 'DualReplica' })],
    '4.22.1',
    0,
  ],
  'newer-release': [[anotherManifest({ runId: 'r-abcdefgh', zStream: '4.23.0' })], '4.23.0', 0],
  drilled: [
    [
      {
        ...aManifest(),
        drill: {
          at: '2026-11-24T02:00:00.250Z',
          ok: true,
          revision: 5346,
          keys: 8124,
          why: null,
          disproven: false,
        },
      },
    ],
    '4.16.8',
    1,
  ],
  disproven: [
    [
      {
        ...aManifest(),
        drill: {
          at: '2026-11-24T02:00:00Z',
          ok: false,
          revision: null,
          keys: null,
          why: 'no keys',
          disproven: true,
        },
      },
    ],
    '4.16.8',
    1,
  ],
  hindered: [
    [
      {
        ...aManifest(),
        drill: {
          at: '2026-11-24T02:00:00Z',
          ok: false,
          revision: null,
          keys: null,
          why: 'no room',
          disproven: false,
        },
      },
    ],
    '4.16.8',
    1,
  ],
  none: [
    [
      anotherManifest({ runId: 'r-half0000', proven: ['resources'] }),
      anotherManifest({ runId: 'r-next0000', zStream: '4.16.9' }),
    ],
    '4.16.8',
    0,
  ],
};

const releases = [
  '4.6.61',
  '4.9.59',
  '4.11.58',
  '4.12.80',
  '4.14.50',
  '4.16.48',
  '4.18.25',
  '4.20.5',
  '4.22.1',
];
const topologies = {
  several: 'HighlyAvailable',
  single: 'SingleReplica',
  arbiter: 'HighlyAvailableArbiter',
  fencing: 'DualReplica',
} as const;

/** The paper of each release line and topology that there is. */
const papers = releases.flatMap((zStream) =>
  Object.entries(topologies).flatMap(([name, topology]) => {
    const minor = Number(zStream.split('.')[1]);
    if (minor < 20 && (name === 'arbiter' || name === 'fencing')) return [];
    const manifest = anotherManifest({ runId: 'r-abcdefgh', zStream, topology });
    return [{ name: `4.${minor}-${name}`, zStream, manifest }];
  }),
);
for (const { name, zStream, manifest } of papers) cases[name] = [[manifest], zStream, 0];

for (const language of ['en', 'ko'] as const) {
  for (const [name, [manifests, zStream, days]] of Object.entries(cases)) {
    test(`RESTORE.md ${language}: ${name}`, async () => {
      const file = new URL(`golden/${language}/${name}.md`, import.meta.url);
      const now = text(manifests, zStream, days, language);
      if (process.env.UPDATE_GOLDEN === '1') await writeFile(file, now);
      assert.equal(now, await readFile(file, 'utf8'));
    });
  }
}

test('a drill that could not be made is no failure of the snapshot, and the machine is named', () => {
  const why = 'the snapshot is whole, but of a machine with another byte order';
  const drill = {
    at: '2026-11-24T02:00:00Z',
    ok: false,
    revision: null,
    keys: null,
    why,
    disproven: false,
    verdict: 'not-made',
  } as const;
  const base = aManifest();
  const manifest = { ...base, node: { ...base.node, machine: 's390x' }, drill };
  const en = text([manifest], '4.16.8', 1, 'en');
  assert.match(en, /Restore drill: could not be made .*another byte order.*says nothing about the snapshot/);
  assert.match(en, /Node of the backup: .*, `s390x`/);
  assert.match(text([manifest], '4.16.8', 1, 'ko'), /복원 훈련: .*훈련하지 못함/);
});

test('both languages print the same commands', () => {
  const blocks = (language: 'en' | 'ko') =>
    Object.values(cases).flatMap(([manifests, zStream, days]) =>
      [...text(manifests, zStream, days, language).matchAll(/```sh\n[\s\S]*?\n```/g)].map(([block]) => block),
    );
  assert.ok(blocks('en').length > 20);
  assert.deepEqual(blocks('ko'), blocks('en'));
});

test('outside text cannot leave its place', () => {
  const evil = '`\n```\n# rm -rf /';
  const base = aManifest();
  const [copy] = base.files.snapshot.copies;
  assert.ok(copy);
  const copies = [{ ...copy, custodians: [evil], place: { kind: 'directory', path: '/srv/```x' } as const }];
  const manifest: Manifest = {
    ...base,
    cluster: { ...base.cluster, apiUrl: evil },
    people: { ...base.people, requester: { slackUser: 'U1', clusterUser: evil } },
    files: { ...base.files, snapshot: { ...base.files.snapshot, copies } },
  };
  const lines = text([manifest], '4.16.8', 0, 'en').split('\n');
  assert.ok(lines.every((line) => !line.startsWith('# rm')));
  assert.ok(lines.includes('````sh'), 'the fence is longer than what it holds');
});
