export type { CommandProblem } from '../command-problem.ts';
export { type ActionId, actionIds } from './action-ids.ts';
export {
  type AnswerContext,
  auditAnswer,
  auditNotDelivered,
  cancelAnswer,
  checkAnswer,
  commandProblem,
  doctorAnswer,
  type FleetRow,
  fleetMessage,
  helpMessage,
  notRecorded,
  privateMessage,
  requestAnswer,
  runAnswer,
  runsAnswer,
  voteAnswer,
} from './answers.ts';
export type { Message } from './blocks.ts';
export { type ButtonValue, buttonValue, parseButtonValue } from './button-value.ts';
export { type CardContext, runCard } from './card.ts';
export { drillAnswer, meanwhileAnswer, restorePlanAnswer, verifyAnswer } from './copy-answers.ts';
export { botsChoice, clusterOfNodeBlock, formIds } from './form-ids.ts';
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
export { restoreFilesMissing, threadMessage } from './thread.ts';
export type { Context } from './tools.ts';
