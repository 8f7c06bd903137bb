/** What a button asks for. Its `value` carries ids and nothing else: who may do it is decided on our side. */
export const actionIds = {
  approve: 'run-approve',
  reject: 'run-reject',
  cancel: 'run-cancel',
  /** Opens the form in which a backup is asked for; carries no id. */
  ask: 'backup-ask',
} as const;

export type ActionId = (typeof actionIds)[keyof typeof actionIds];
