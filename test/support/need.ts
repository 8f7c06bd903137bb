import type { TestContext } from 'node:test';

/**
 * For a test that needs something of the machine: `true` where it is there. Where it is not, the test is skipped with
 * the reason, but fails where `CI=true`, so that a skipped proof never looks like a proof.
 */
export function need<T>(t: TestContext, name: string, found: T | undefined | false): found is T {
  if (found !== undefined && found !== false) return true;
  if (process.env.CI === 'true')
    throw new Error(`${name}: needed by this test, not found, and CI=true forbids to skip it`);
  t.skip(`${name} is not on this machine`);
  return false;
}
