/** What the browser's tests wait for in messages of the bot, in one place: the words themselves are the golden files' matter. */
export const says = {
  waiting: 'Needs 1',
  ownRequest: 'own request',
  notYet: 'Not yet',
  backedUp: 'Backed up in',
  complete: 'The backup of prod-east is complete',
  rollout: 'The operator etcd is rolling out a change',
  diskFull: 'disk became full',
  reminder: 'no fresh backup restores it: 4.16.8 → 4.16.9',
  repeated: 'is still without a fresh verified backup',
  covered: 'prod-east 4.16.9 is covered',
  ready: 'prod-east is ready for an update',
  approve: 'Approve',
  backUpNow: 'Back up now',
  notNeeded: 'Not needed, because …',
} as const;

export const saysKo = { approve: '승인', backedUp: '백업 완료', replies: /댓글 \d+개/ } as const;
