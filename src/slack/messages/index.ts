export type { CommandProblem } from '../command-problem.ts';
export {
  auditAnswer,
  auditNotDelivered,
  cancelAnswer,
  commandProblem,
  notRecorded,
  privateMessage,
  requestAnswer,
  runAnswer,
  runsAnswer,
  voteAnswer,
} from './answers/answers.ts';
export { helpMessage } from './answers/help.ts';
export { sentAgain } from './answers/sent-again.ts';
export {
  drillAnswer,
  drillWaitsAnswer,
  meanwhileAnswer,
  restartingAnswer,
  restorePlanAnswer,
  verifyAnswer,
} from './copies/copy-answers.ts';
export { adoptAnswer, parsePlaceButton, placesAnswer } from './copies/places.ts';
export {
  parseRestoredButton,
  type RestoredContext,
  restoredAnswer,
  restoredNotice,
  revisionFellNotice,
} from './copies/restored.ts';
export { doctorAnswer, doctorTexts } from './doctor/doctor.ts';
export {
  answerWindow,
  type BoardWindow,
  checkWindow,
  detailsWindow,
  failedWindow,
  loadingWindow,
} from './fleet/board-windows.ts';
export { boardAnswer, fleetMessage } from './fleet/fleet.ts';
export { type Board, closedHome, homeView, unreadableHome } from './fleet/home.ts';
export { type BoardPlace, firstPlace, parsePage, parsePlace, parseState } from './fleet/home-place.ts';
export { pictureAlt, pictureMissing, pictureText, summaryMessage, summaryPicture } from './fleet/summary.ts';
export type { FormProblem } from './form/en.ts';
export { botsChoice, clusterOfNodeBlock, formIds, parseFormPlace } from './form/form-ids.ts';
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
} from './form/modal.ts';
export {
  parseReminderPlace,
  type ReminderFormPlace,
  type ReminderFormProblem,
  reminderForm,
  reminderFormErrors,
  reminderFormNotOpened,
  reminderFormView,
} from './form/reminder-form.ts';
export { type ActionId, actionIds } from './kit/action-ids.ts';
export { messageAsText } from './kit/as-text.ts';
export type { Message } from './kit/blocks.ts';
export { type ButtonValue, buttonValue, parseButtonValue } from './kit/button-value.ts';
export type { AnswerContext } from './kit/refusal.ts';
export { shortForms } from './kit/shortened.ts';
export type { Context } from './kit/tools.ts';
export { parseWatchButton, type WatchButton, watchButtonValue } from './kit/watch-button.ts';
export { checkAnswer } from './preflight/check.ts';
export { roomAnswer } from './restore-room/answers.ts';
export { afterRestoreReason, roomChecksMessage } from './restore-room/checks.ts';
export { roomMessage, roomSeen } from './restore-room/room.ts';
export { parseRoomButton, type RoomButton, roomButtonValue } from './restore-room/room-button.ts';
export {
  parseSkipPlace,
  type SkipFormPlace,
  type SkipFormProblem,
  skipForm,
  skipFormErrors,
  skipFormNotOpened,
  skipFormView,
} from './restore-room/skip-form.ts';
export { commandFile, commandFileMissing, commandFileText, roomStepMessage } from './restore-room/step.ts';
export { type CardContext, runCard } from './run/card.ts';
export { cardMoved } from './run/card-moved.ts';
export { restoreFilesMissing, threadMessage } from './run/thread.ts';
export { type AlarmContext, alarmMessage, alarmReason, alarmTooLate } from './watch/alarm.ts';
export {
  type EscalationContext,
  escalationMessage,
  type OwnerContext,
  ownerMessage,
} from './watch/owners.ts';
export { type PauseContext, pauseAnswer, pauseMessage } from './watch/pause.ts';
export { readyAnswer } from './watch/ready.ts';
export {
  type RepeatContext,
  reminderMessage,
  reminderReason,
  repeatMessage,
  type WatchContext,
} from './watch/reminder.ts';
export { reminderAnswer } from './watch/reminder-answers.ts';
