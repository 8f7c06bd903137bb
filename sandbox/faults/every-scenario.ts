import { apiScenarios } from './api.ts';
import { botScenarios } from './bot.ts';
import { clockScenarios } from './clock.ts';
import { drillScenarios } from './drill.ts';
import { execScenarios } from './exec.ts';
import { goawayScenario } from './goaway.ts';
import { nodeScenarios } from './node.ts';
import { placeScenarios } from './places.ts';
import { recordsScenarios } from './records.ts';
import type { Scenario } from './scenario.ts';
import { scriptScenarios } from './script.ts';
import { sessionPodScenarios } from './session-pod.ts';
import { lastScenario, slackScenarios } from './slack.ts';
import { type OpenWorld, openDestinationsWorld, openRunsWorld } from './worlds.ts';

/** A world with a bot in it, and what is played there, one after the other. */
export interface Part {
  /** Its directory's name. */
  readonly name: string;
  readonly open: OpenWorld;
  readonly scenarios: readonly Scenario[];
}

/** Most of a scenario is waiting, so parts are played side by side, those that take longest first. */
export const parts: readonly Part[] = [
  { name: 'api', open: openRunsWorld, scenarios: apiScenarios },
  { name: 'places', open: openDestinationsWorld, scenarios: [goawayScenario, ...placeScenarios] },
  {
    name: 'records',
    open: openDestinationsWorld,
    scenarios: [...recordsScenarios, ...clockScenarios, ...drillScenarios],
  },
  { name: 'exec', open: openRunsWorld, scenarios: execScenarios },
  { name: 'bot', open: openRunsWorld, scenarios: [...botScenarios, ...slackScenarios, lastScenario] },
  { name: 'nodes', open: openRunsWorld, scenarios: [...sessionPodScenarios, ...nodeScenarios] },
  { name: 'script', open: openRunsWorld, scenarios: scriptScenarios },
];

export const everyScenario: readonly Scenario[] = parts.flatMap(({ scenarios }) => scenarios);
