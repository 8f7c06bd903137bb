import { apiScenarios } from './api.ts';
import { botScenarios } from './bot.ts';
import { execScenarios } from './exec.ts';
import { nodeScenarios } from './node.ts';
import type { Scenario } from './scenario.ts';
import { scriptScenarios } from './script.ts';
import { lastScenario, slackScenarios } from './slack.ts';

/** In the order in which they are played against one world. */
export const everyScenario: readonly Scenario[] = [
  ...apiScenarios,
  ...nodeScenarios,
  ...execScenarios,
  ...scriptScenarios,
  ...botScenarios,
  ...slackScenarios,
  lastScenario,
];
