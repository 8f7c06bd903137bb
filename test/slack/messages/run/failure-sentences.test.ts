import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LeftOnNode } from '../../../../src/domain/backup/failure.ts';
import { isBeforeScript, type RunFailure, type RunStep, runSteps } from '../../../../src/domain/run/run.ts';
import { runCard } from '../../../../src/slack/messages/run/card.ts';
import { threadMessage } from '../../../../src/slack/messages/run/thread.ts';
import { everyFailure } from '../../../support/message-samples.ts';
import { contextIn, plan, run } from '../runs.ts';

/** Sentences of which only one kind may be in what a person reads of one failed run. */
const sentences = {
  en: {
    nothing: /not begun|\*Left on the node:\* nothing/,
    noFiles: /no files\./,
    files: /There may be files|must not be used for a restore|Left on the node:\* not known/,
    unsure: /not certain|There may be files|could not learn how it ended/,
    stopped: /and was stopped|Its session is ended/,
    runsOn: /may still run|it may run on|could not be removed/,
  },
  ko: {
    nothing: /시작하지 않았습니다|\*노드에 남은 것:\* 없음/,
    noFiles: /파일 없음\./,
    files: /파일이 있을 수 있지만|복원에 사용하지 마십시오|노드에 남은 것:\* 알 수 없/,
    unsure: /확실하지 않|파일이 있을 수 있지만|결과를 확인하지 못했습니다/,
    stopped: /끝나지 않아 중단했습니다|세션이 종료되어/,
    runsOn: /아직 실행 중일 수|실행 중일 수 있습니다|삭제에 실패했거나/,
  },
} as const;

const node = plan.node;
const pod = 'etcd-backup-session';

/** What can be known of the node when a run fails at this step. */
function leftAt(step: RunStep | undefined): readonly (LeftOnNode | undefined)[] {
  const gone = { node, paths: [], sessionPod: undefined };
  if (step === undefined || isBeforeScript(step)) return [undefined, gone, { ...gone, sessionPod: pod }];
  const unknown = { node, paths: undefined, sessionPod: pod };
  return [gone, unknown, { ...unknown, sessionPod: undefined }, { ...gone, sessionPod: pod }];
}

/** Of these the bot cannot know how far it came, or only knows what it found on the node. */
const notBefore = /^(script-|files-|snapshot-|resources-|cluster-silent|interrupted|internal)/;
const onlyBefore =
  /^(preflight-blocked|plan-changed|requester-|approver-|rights-|account-|person-|break-glass-)/;

function possible(kind: string, step: RunStep | undefined): boolean {
  const before = step === undefined || isBeforeScript(step);
  if (before) return !notBefore.test(kind);
  return !onlyBefore.test(kind);
}

for (const language of ['en', 'ko'] as const) {
  describe(`what is said of a failed run (${language})`, () => {
    const { nothing, unsure, noFiles, files, stopped, runsOn } = sentences[language];
    const steps: readonly (RunStep | undefined)[] = [undefined, ...runSteps];
    for (const failure of everyFailure('detail', 5_000)) {
      it(`never says both that nothing was done and that it is uncertain: ${failure.kind}`, () => {
        for (const step of steps.filter((each) => possible(failure.kind, each))) {
          for (const left of leftAt(step)) {
            const settled =
              failure.kind === 'cluster-silent'
                ? { ...failure, params: { ...failure.params, stopped: left?.sessionPod === undefined } }
                : failure;
            const failed: RunFailure = { failure: settled, step, outputTail: [], left };
            const said = texts(failed, language);
            const where = `${failure.kind} at ${step}, left ${JSON.stringify(left)}:\n${said}`;
            assert.ok(!(nothing.test(said) && unsure.test(said)), where);
            assert.ok(!(noFiles.test(said) && files.test(said)), where);
            if (step === undefined || isBeforeScript(step)) assert.doesNotMatch(said, unsure, where);
            if (left?.sessionPod !== undefined) assert.doesNotMatch(said, stopped, where);
            else assert.doesNotMatch(said, runsOn, where);
          }
        }
      });
    }
  });
}

function texts(failed: RunFailure, language: 'en' | 'ko'): string {
  const context = contextIn(language);
  const ended = run({ status: 'failed', plan, failed, startedAt: 1, finishedAt: 2 });
  const card = runCard(ended, context);
  const thread = threadMessage({ type: 'failure' }, ended, context);
  return JSON.stringify([card, thread]);
}
