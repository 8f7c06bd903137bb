/** What a button asks for. Its `value` carries ids and nothing else: who may do it is decided on our side. */
export const actionIds = {
  approve: 'run-approve',
  reject: 'run-reject',
  cancel: 'run-cancel',
  /** Opens the form in which a backup is asked for; carries no id. */
  ask: 'backup-ask',
  /** On reminders and alarms; these carry the cluster's name and the id of the reminder or alarm. */
  reminderBackUp: 'reminder-back-up',
  reminderSnooze: 'reminder-snooze',
  reminderDismiss: 'reminder-dismiss',
  alarmBackUp: 'alarm-back-up',
  /** On the message of a pause; these carry the cluster's name and the pause's id. */
  pauseApprove: 'pause-approve',
  pauseReject: 'pause-reject',
  pauseResume: 'pause-resume',
  /** On the answer that asks back; carries the destination's name and what was seen there. */
  placeAdopt: 'place-adopt',
  /** On the answer that asks back; carries cluster, run, time and what was seen. */
  restoredConfirm: 'restored-confirm',
  /** On the message of a restore; carries the cluster's name and the restore's id. */
  restoredUndo: 'restored-undo',
  /** On the board; these carry a cluster's name. */
  boardBackUp: 'board-back-up',
  boardCheck: 'board-check',
  boardDetails: 'board-details',
  /** These carry a page's number, and an action id is unique in its block. */
  boardPage: 'board-page',
  boardPageBack: 'board-page-back',
  boardFilter: 'board-filter',
  boardRefresh: 'board-refresh',
} as const;

export type ActionId = (typeof actionIds)[keyof typeof actionIds];
