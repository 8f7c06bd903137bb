import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ModalView } from '@slack/types';
import type { JsonObject } from '../../../../sandbox/slack/json.ts';
import { renderView } from '../../../../sandbox/slack/render.ts';
import { finding } from '../../../../src/domain/preflight/finding.ts';
import { type BackupForm, formView, loadingView } from '../../../../src/slack/messages/index.ts';
import { keepBlocks } from '../../../support/golden.ts';
import { contextIn } from '../runs.ts';

const names = {
  user: (id: string) => `@${id}`,
  channel: (id: string) => `#${id}`,
  group: (id: string) => `@${id}`,
};

const empty: BackupForm = {
  channel: 'C0CHANNEL',
  clusters: ['prod-east', 'prod-west'],
  cluster: undefined,
  nodes: undefined,
  typed: { node: 'master-9', reason: 'before the network change', emergency: undefined },
  emergency: false,
};
const chosen: BackupForm = { ...empty, cluster: 'prod-east' };
const forms: readonly BackupForm[] = [
  empty,
  chosen,
  {
    ...chosen,
    emergency: true,
    nodes: {
      outcome: 'proposed',
      cluster: 'prod-east',
      chosen: { node: 'master-1', because: 'first-fit' },
      fit: [
        { node: 'master-1', cordoned: false },
        { node: 'master-2', cordoned: true },
      ],
      unfit: [
        { node: 'master-0', because: 'not-ready' },
        { node: 'arbiter-0', because: 'arbiter' },
      ],
      blockers: [
        finding('blocker', 'version.updating', {
          from: '4.16.8',
          to: '4.16.9',
          message: 'Working towards 4.16.9',
        }),
      ],
    },
  },
  {
    ...chosen,
    typed: { ...chosen.typed, node: undefined },
    nodes: { outcome: 'proposed', cluster: 'prod-east', chosen: undefined, fit: [], unfit: [], blockers: [] },
  },
  {
    ...chosen,
    nodes: {
      outcome: 'nodes-unreadable',
      cluster: 'prod-east',
      why: { reason: 'timeout', detail: 'no answer within 10 s' },
    },
  },
];

// UPDATE_GOLDEN=1 writes the texts again: then read them aloud before you keep them.
for (const language of ['en', 'ko'] as const) {
  test(`the form reads as written down (${language})`, () => {
    const context = contextIn(language);
    const views = [
      loadingView({ channel: 'C0CHANNEL' }, context),
      ...forms.map((form) => formView(form, context)),
    ];
    keepBlocks(language, 'form', views);
    const text = `${views.map((view) => readable(view)).join('\n\n---\n\n')}\n`;
    const file = new URL(`../golden/${language}/form.txt`, import.meta.url);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
    assert.equal(text, readFileSync(file, 'utf8'));
  });
}

function readable(view: ModalView): string {
  return renderView(JSON.parse(JSON.stringify(view)) as JsonObject, names);
}
