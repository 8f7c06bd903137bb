import type { App } from '@slack/bolt';
import {
  adoptAnswer,
  boardAnswer,
  type Context,
  cancelAnswer,
  checkAnswer,
  commandProblem,
  doctorAnswer,
  helpMessage,
  type Message,
  pauseAnswer,
  placesAnswer,
  readyAnswer,
  runAnswer,
  runsAnswer,
  voteAnswer,
} from '../messages/index.ts';
import { acknowledgeFirst, recordFirst } from './acknowledge.ts';
import { onCommand } from './adapter.ts';
import { requested } from './answer.ts';
import { sendAudit } from './audit.ts';
import { type Command, parseCommand } from './command-text.ts';
import { drill, sendRestorePlan, verify } from './copies.ts';
import type { Delivery, ListenerDeps } from './listener.ts';
import { needsForm, openForm } from './open-form.ts';
import { restored } from './restored.ts';
import { isRunId } from './run-id.ts';

type Words<Answer> = (answer: Answer, context: Context) => Message | Promise<Message>;

export function listenToCommand(app: App, deps: ListenerDeps): void {
  onCommand(app, deps, (delivery, text) => {
    const parsed = parseCommand(text);
    if (!parsed.ok) return acknowledgeFirst(deps, delivery, async () => parsed.problem, commandProblem);
    const { slackUser, channel } = delivery;
    deps.log.info({ command: parsed.command.kind, slackUser, channel }, 'command');
    return perform(deps, delivery, parsed.command);
  });
}

function perform(deps: ListenerDeps, delivery: Delivery, command: Command): Promise<void> {
  const { backups } = deps;
  const record = <A extends object>(ask: () => Promise<A>, words: Words<A>) =>
    recordFirst(deps, delivery, ask, words);
  const read = <A extends object>(ask: () => Promise<A>, words: Words<A>) =>
    acknowledgeFirst(deps, delivery, ask, words);
  switch (command.kind) {
    case 'run':
      if (command.cluster === undefined && needsForm(deps, delivery, command))
        return openForm(deps, delivery, command);
      return record(
        () => backups.request(delivery, command),
        (answer, context) => requested(deps, answer, context),
      );
    case 'approve':
    case 'reject': {
      const { kind: decision, run: runId, reason } = command;
      if (!meansCluster(deps, runId))
        return record(() => backups.vote(delivery, { runId, decision, reason }), voteAnswer);
      const pause = { cluster: runId, id: undefined, decision, reason };
      return record(() => backups.decidePause(delivery, pause), pauseAnswer);
    }
    case 'pause':
      return record(() => backups.pause(delivery, command), pauseAnswer);
    case 'resume':
      return record(() => backups.resume(delivery, command), pauseAnswer);
    case 'cancel': {
      const { run: runId, reason } = command;
      return record(() => backups.cancel(delivery, { runId, reason }), cancelAnswer);
    }
    case 'check':
      return read(() => backups.check(delivery, command), checkAnswer);
    case 'ready-to-update':
      return read(() => backups.ready(delivery, command), readyAnswer);
    case 'doctor':
      return read(() => backups.doctor(delivery, command), doctorAnswer);
    case 'status': {
      const { what } = command;
      if (what !== undefined && meansRun(deps, what)) return show(deps, delivery, what);
      return read(
        () => backups.status(delivery, { cluster: what }),
        (answer, context) => runsAnswer('status', answer, context),
      );
    }
    case 'list':
      return read(
        () => backups.list(delivery, command),
        (answer, context) => runsAnswer('list', answer, context),
      );
    case 'audit':
      return sendAudit(deps, delivery, command.run);
    case 'verify':
      return verify(deps, delivery, command.run);
    case 'drill':
      return drill(deps, delivery, command.run);
    case 'restore-plan':
      return sendRestorePlan(deps, delivery, command);
    case 'show':
      return show(deps, delivery, command.run);
    case 'destination': {
      const { adopt: destination } = command;
      if (destination === undefined) return read(() => backups.places(delivery), placesAnswer);
      return read(() => backups.adopt(delivery, { destination, confirmed: undefined }), adoptAnswer);
    }
    case 'restored':
      return restored(deps, delivery, command);
    case 'fleet':
      return read(() => backups.board(delivery), boardAnswer);
    case 'help':
      return read(
        async () => command,
        (_, context) => helpMessage(command.topic, context),
      );
  }
}

/** Also an id with a slip in it, so that the answer can name the run that is meant. */
function meansRun({ fleet }: ListenerDeps, word: string): boolean {
  return isRunId(word) || (/^r-/i.test(word) && fleet.cluster(word.toLowerCase()) === undefined);
}

/** `approve prod-east`: of a cluster only a pause waits for a second person. */
function meansCluster({ fleet }: ListenerDeps, word: string): boolean {
  return !isRunId(word) && (fleet.cluster(word) ?? fleet.cluster(word.toLowerCase())) !== undefined;
}

function show(deps: ListenerDeps, delivery: Delivery, runId: string): Promise<void> {
  return acknowledgeFirst(deps, delivery, () => deps.backups.show(delivery, { runId }), runAnswer);
}
