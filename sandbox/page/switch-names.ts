/** What can be made to go wrong from the page. */
export const switchNames = [
  'rollout',
  'disk-too-small',
  'disk-full',
  'script-missing',
  'image-unpullable',
  'integrity-failed',
  'torn-snapshot',
  'half-pair',
  'slow',
  'clock-ahead',
  'api-down',
  'api-slow',
  'no-pods',
  'connection-cut',
  'nas-gone',
  'slack-limits',
  'slack-down',
  'posting-limited',
  'archived',
] as const;
export type SwitchName = (typeof switchNames)[number];

/** The first things to try, in this order. */
export const stepNames = ['request', 'approve', 'home', 'upgrade', 'break'] as const;
export type StepName = (typeof stepNames)[number];
