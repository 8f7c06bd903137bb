import { conditionOf } from '../cluster/condition.ts';
import type { OperatorFacts } from '../cluster/facts.ts';
import type { Reading } from '../cluster/reading.ts';
import { type Finding, finding } from './finding.ts';

/** The operators whose static pods go into the backup; the script itself refuses while one of them progresses. */
const backedUpOperators = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const;

/** Operators that may not be read at all are a warning: the script reads them with rights of its own. */
export function operatorFindings(operators: Reading<readonly OperatorFacts[]>): readonly Finding[] {
  if (!operators.ok) return [finding('warning', 'operators.unreadable', { why: operators.why })];
  const found = backedUpOperators.flatMap((name) => {
    const operator = operators.value.find((each) => each.name === name);
    // Without the operator the script ends with "Could not find the status".
    if (!operator) return [finding('blocker', 'operator.progress-unknown', { name, status: 'absent' })];
    return [...progressing(name, operator), ...degraded(name, operator)];
  });
  return found.length > 0 ? found : [finding('passed', 'operators.settled', { names: backedUpOperators })];
}

/** The script goes on with False alone. */
function progressing(name: string, operator: OperatorFacts): readonly Finding[] {
  const condition = conditionOf(operator.conditions, 'Progressing');
  switch (condition?.status) {
    case 'False':
      return [];
    case 'True':
      return [finding('blocker', 'operator.progressing', { name, message: condition.message ?? '' })];
    default: {
      const status = condition?.status ?? 'absent';
      return [finding('blocker', 'operator.progress-unknown', { name, status })];
    }
  }
}

function degraded(name: string, operator: OperatorFacts): readonly Finding[] {
  const condition = conditionOf(operator.conditions, 'Degraded');
  if (condition?.status === 'False') return [];
  if (condition?.status !== 'True') {
    return [finding('warning', 'operator.condition-unknown', { name, condition: 'Degraded' })];
  }
  return [finding('warning', 'operator.degraded', { name, message: condition.message ?? '' })];
}
