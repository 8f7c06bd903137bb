export type { CommandProblem } from '../command-problem.ts';
export { type ActionId, actionIds } from './action-ids.ts';
export { type AlarmContext, alarmMessage, alarmReason, alarmTooLate } from './alarm.ts';
export {
  type AnswerContext,
  auditAnswer,
  auditNotDelivered,
  cancelAnswer,
  checkAnswer,
  commandProblem,
  doctorAnswer,
  helpMessage,
  notRecorded,
  privateMessage,
  requestAnswer,
  runAnswer,
  runsAnswer,
  voteAnswer,
} from './answers.ts';
export type { Message } from './blocks.ts';
export {
  answerWindow,
  type BoardWindow,
  checkWindow,
  detailsWindow,
  failedWindow,
  loadingWindow,
} from './board-windows.ts';
export { type ButtonValue, buttonValue, parseButtonValue } from './button-value.ts';
export { type CardContext, runCard } from './card.ts';
export {
  drillAnswer,
  meanwhileAnswer,
  restartingAnswer,
  restorePlanAnswer,
  verifyAnswer,
} from './copy-answers.ts';
export { boardAnswer, fleetMessage } from './fleet.ts';
export { botsChoice, clusterOfNodeBlock, formIds } from './form-ids.ts';
export { type Board, closedHome, homeView, unreadableHome } from './home.ts';
export { type BoardPlace, firstPlace, parsePage, parsePlace, parseState } from './home-place.ts';
export {
  type BackupForm,
  closedView,
  fieldErrors,
  formView,
  listable,
  loadingView,
  maxTyped,
  type SeenNodes,
  type TypedFields,
} from './modal.ts';
export type { FormProblem } from './modal-wording.ts';
export { type EscalationContext, escalationMessage, type OwnerContext, ownerMessage } from './owners.ts';
export { readyAnswer } from './ready.ts';
export {
  type NagContext,
  nagMessage,
  reminderMessage,
  reminderReason,
  type WatchContext,
} from './reminder.ts';
export { reminderAnswer } from './reminder-answers.ts';
export {
  parseReminderPlace,
  type ReminderFormPlace,
  type ReminderFormProblem,
  reminderForm,
  reminderFormErrors,
  reminderFormNotOpened,
  reminderFormView,
} from './reminder-form.ts';
export { pictureAlt, pictureMissing, pictureText, summaryMessage, summaryPicture } from './summary.ts';
export { restoreFilesMissing, threadMessage } from './thread.ts';
export type { Context } from './tools.ts';
export { parseWatchButton, type WatchButton, watchButtonValue } from './watch-button.ts';
