import assert from 'node:assert/strict';
import type { Manifest } from '../../src/domain/copies/manifest-document.ts';
import type { Person } from '../../src/domain/people/person.ts';
import type { Language } from '../../src/domain/policy/policy.ts';
import { type RestorePlan, restorePlan } from '../../src/domain/restore/restore-plan.ts';
import { openRoom } from '../../src/domain/restore-room/open-room.ts';
import type { RestoreRoom } from '../../src/domain/restore-room/room.ts';
import type { RoomChange } from '../../src/domain/restore-room/room-change.ts';
import { doneStep, type RoomDecision } from '../../src/domain/restore-room/transitions.ts';
import { firstWords, stepTexts } from '../../src/restore/step-text.ts';
import { aManifest, startedAt } from './manifests.ts';

export const openedAt = startedAt + 9 * 3_600_000;
export const anna: Person = { slackUser: 'U0ANNA', clusterUser: 'anna' };
export const bora: Person = { slackUser: 'U0BORA', clusterUser: 'bora' };

export function planFor(manifest: Manifest = aManifest()): RestorePlan {
  const need = { zStream: undefined, clusterId: undefined, runId: manifest.runId, now: openedAt };
  const answer = restorePlan([manifest], need);
  assert(answer.outcome === 'plan', answer.outcome);
  return answer.plan;
}

export function opening(manifest?: Manifest, language: Language = 'en') {
  const plan = planFor(manifest);
  const texts = stepTexts(plan, language);
  const first = firstWords(plan, language);
  return { cluster: 'prod-east', plan, texts, first, language, by: anna, now: openedAt } as const;
}

/** A room as it is right after it was opened. */
export function aRoom(manifest?: Manifest, language: Language = 'en'): RestoreRoom {
  return openRoom(opening(manifest, language)).room;
}

export function changed(decision: RoomDecision): RoomChange {
  assert(!('refusal' in decision), JSON.stringify('refusal' in decision && decision.refusal.outcome));
  return decision;
}

export function refusal(decision: RoomDecision): string {
  assert('refusal' in decision, 'the room changed');
  return decision.refusal.outcome;
}

/** Every step before this number is done, a second apart. */
export function doneUntil(room: RestoreRoom, step: number, by: Person = anna): RestoreRoom {
  let now = openedAt;
  return room.steps.slice(0, step - 1).reduce((last, _, index) => {
    now += 1_000;
    return changed(doneStep(last, index + 1, { by, now })).room;
  }, room);
}

/** The number of the first step of this kind. */
export function numberOf(room: RestoreRoom, kind: RestoreRoom['steps'][number]['kind']): number {
  const index = room.steps.findIndex((step) => step.kind === kind);
  assert(index >= 0, `there is no step ${kind}`);
  return index + 1;
}
