import type { Scenario } from './scenario.ts';
import type { Match } from './stage.ts';

/** OpenShift's API server ends connections on purpose; here of every third request, as long as the scenario lasts. */
export const goawayScenario: Scenario = {
  name: 'api-goaway',
  broken: 'the API server ends the connection (GOAWAY) of every third request, processed or not',
  arrange(stage) {
    let asked = 0;
    // The first of the two counts for both.
    const counted: Match = () => {
      asked += 1;
      return asked % 6 === 0;
    };
    const odd: Match = () => asked % 6 === 3;
    stage.strike(counted, { kind: 'goaway', when: 'before' });
    stage.strike(odd, { kind: 'goaway', when: 'after' });
  },
  expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 60 },
};
