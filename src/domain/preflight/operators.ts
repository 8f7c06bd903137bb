import { conditionOf } from '../condition.ts';
import type { OperatorFacts } from '../facts.ts';
import { type Finding, finding } from '../finding.ts';
import type { Reading } from '../reading.ts';

/** The operators whose static pods go into the backup; the script itself refuses while one of them progresses. */
export const backedUpOperators = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
] as const;

export function operatorFindings(operators: Reading<readonly OperatorFacts[]>): readonly Finding[] {
  if (!operators.ok) return [finding('warning', 'operators.unreadable', { why: operators.why })];
  const found = backedUpOperators.flatMap((name) => {
    const operator = operators.value.find((each) => each.name === name);
    return [...progressing(name, operator), ...degraded(name, operator)];
  });
  return found.length > 0 ? found : [finding('passed', 'operators.settled', { names: backedUpOperators })];
}

function progressing(name: string, operator: OperatorFacts | undefined): readonly Finding[] {
  const condition = conditionOf(operator?.conditions ?? [], 'Progressing');
  if (condition?.status === 'False') return [];
  if (condition?.status !== 'True') {
    return [finding('warning', 'operator.condition-unknown', { name, condition: 'Progressing' })];
  }
  return [finding('blocker', 'operator.progressing', { name, message: condition.message ?? '' })];
}

function degraded(name: string, operator: OperatorFacts | undefined): readonly Finding[] {
  const condition = conditionOf(operator?.conditions ?? [], 'Degraded');
  if (condition?.status === 'False') return [];
  if (condition?.status !== 'True') {
    return [finding('warning', 'operator.condition-unknown', { name, condition: 'Degraded' })];
  }
  return [finding('warning', 'operator.degraded', { name, message: condition.message ?? '' })];
}
