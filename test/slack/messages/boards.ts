import type { BoardRow } from '../../../src/domain/fleet/board.ts';
import type { ProvenBackup } from '../../../src/domain/run/proven-backup.ts';
import type { Reminder } from '../../../src/domain/watch/cluster-watch.ts';
import type { Coverage } from '../../../src/domain/watch/coverage.ts';
import { askedAt } from './runs.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
const now = askedAt + 120_000;

export function aBackup(change: Partial<ProvenBackup> = {}): ProvenBackup {
  const takenAt = change.takenAt ?? now - 5 * hourMs;
  return {
    runId: 'r-k7m2p9qx',
    cluster: 'prod-east',
    clusterId: '6b0f2d4c-7a0e-4a53-9a44-3a4c1b2d9f10',
    zStream: '4.16.8',
    seq: takenAt,
    takenAt,
    provenAt: takenAt + 60_000,
    place: 'off-cluster',
    signersEndAt: now + 300 * dayMs,
    ...change,
  };
}

export function aCoverage(change: Partial<Coverage> = {}): Coverage {
  const backup = aBackup();
  return {
    state: 'covered',
    release: { version: '4.16.8', image: 'quay.io/ocp-release@sha256:1f6c' },
    since: now - 20 * dayMs,
    why: undefined,
    backup,
    newest: backup,
    warnings: [],
    ...change,
  };
}

export function aBoardRow(change: Partial<BoardRow> = {}): BoardRow {
  return {
    cluster: 'prod-east',
    coverage: aCoverage(),
    active: undefined,
    lastFailure: undefined,
    lastDrill: undefined,
    nextRunAt: undefined,
    reminder: undefined,
    ...change,
  };
}

const old = aBackup({ runId: 'r-2w3e4r5t', takenAt: now - 40 * dayMs });

export const openReminder: Reminder = {
  id: 'prod-west/4.16.9',
  from: { version: '4.16.8', image: 'quay.io/ocp-release@sha256:1f6c' },
  to: { version: '4.16.9', image: 'quay.io/ocp-release@sha256:77aa' },
  openedAt: now - 6 * hourMs,
  findings: [],
  checkedAt: now - 6 * hourMs,
  repeats: 1,
  nextRepeatAt: now + 18 * hourMs,
  end: undefined,
  message: undefined,
};

const nothingMissing = {
  state: 'elsewhere',
  since: undefined,
  backup: undefined,
  newest: undefined,
} as const;

/** A fleet as it may be at night, worst first. */
export const boardRows: readonly BoardRow[] = [
  aBoardRow({
    cluster: 'prod-west',
    coverage: aCoverage({
      state: 'uncovered',
      release: openReminder.to,
      since: now - 6 * hourMs,
      backup: undefined,
      newest: old,
      warnings: [{ kind: 'preview-backups-not-counted' }],
    }),
    lastFailure: { id: 'r-9p8q7r6s', at: now - hourMs },
    lastDrill: { ok: false, at: now - 41 * dayMs, runId: 'r-2w3e4r5t' },
    nextRunAt: now + 8 * hourMs,
    reminder: openReminder,
  }),
  aBoardRow({
    cluster: 'edge-7',
    coverage: aCoverage({
      state: 'unknown',
      since: now - 2 * hourMs,
      why: { reason: 'timeout', detail: 'no answer within 10 s' },
    }),
  }),
  aBoardRow({
    cluster: 'never-seen',
    coverage: aCoverage({
      state: 'unknown',
      release: undefined,
      since: undefined,
      backup: undefined,
      newest: undefined,
    }),
  }),
  aBoardRow({
    cluster: 'stage-1',
    coverage: aCoverage({
      state: 'stale',
      backup: old,
      newest: old,
      warnings: [{ kind: 'only-on-node' }, { kind: 'signers-end', endAt: now - dayMs }],
    }),
    active: { id: 'r-3d4f5g6h', status: 'waiting' },
  }),
  aBoardRow({
    cluster: 'stage-2',
    coverage: aCoverage({
      state: 'updating',
      release: openReminder.to,
      since: now - 600_000,
      backup: aBackup(),
      newest: aBackup(),
    }),
  }),
  aBoardRow({
    cluster: 'lab',
    coverage: aCoverage({
      release: { version: '4.17.0-0.nightly-2026-11-20-041233', image: 'registry.ci/x@sha256:1' },
      newest: aBackup({ runId: 'r-7j8k9l2m', zStream: '4.16.9', takenAt: now - hourMs }),
      warnings: [{ kind: 'not-a-z-stream' }],
    }),
  }),
  aBoardRow({
    lastDrill: { ok: true, at: now - 4 * hourMs, runId: 'r-k7m2p9qx' },
    nextRunAt: now + 20 * hourMs,
  }),
  aBoardRow({
    cluster: 'hcp-01',
    coverage: aCoverage({
      ...nothingMissing,
      elsewhere: { by: "the HyperShift management cluster's OADP schedule", controlPlane: 'hosted' },
    }),
  }),
  aBoardRow({
    cluster: 'hcp-02',
    coverage: aCoverage({ ...nothingMissing, elsewhere: { by: undefined, controlPlane: 'hosted' } }),
  }),
  aBoardRow({
    cluster: 'vendor-3',
    coverage: aCoverage({ ...nothingMissing, elsewhere: { by: 'the vendor', controlPlane: 'own' } }),
  }),
];
