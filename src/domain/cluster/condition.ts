import type { Condition } from './facts.ts';

export function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((each) => each.type === type);
}

/** Undefined: the condition is absent. */
export function statusOf(conditions: readonly Condition[], type: string): Condition['status'] | undefined {
  return conditionOf(conditions, type)?.status;
}

export function isTrue(conditions: readonly Condition[], type: string): boolean {
  return statusOf(conditions, type) === 'True';
}
