import { join, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { step as english } from '../en/step.ts';

export const step = (t: Tools): ReturnType<typeof english> => ({
  title: ({ number, of, title }) => md`*${of}단계 중 ${number}단계: ${title}*`,
  where: (place, inDirectory) =>
    ({
      here: md`본인의 컴퓨터에서 실행합니다. 1단계에서 만든 디렉토리가 있으면 그 안에서 하십시오.`,
      nodes: inDirectory
        ? md`본인의 컴퓨터에서, 1단계에서 만든 디렉토리에서 SSH로 실행합니다.`
        : md`본인의 컴퓨터에서 SSH로 실행합니다.`,
      api: md`API가 응답하면 ${t.code('oc')} 명령으로 실행합니다.`,
      nowhere: undefined,
    })[place],
  needsHost: (command) => md`이 명령을 아직 실행하지 않은 셸에서는 먼저: ${t.path(command)}`,
  otherHost: (chosenIn) =>
    md`${chosenIn}단계에서 다른 복구 호스트를 골랐다면 그 주소를 넣고, 명령에서도 둘을 서로 바꾸십시오.`,
  inFile: (name) =>
    md`📎 명령이 메시지에 들어가지 않습니다. 이 스레드의 ${t.code(name)} 파일에 전체가 있으며, RESTORE.md 파일에도 있습니다.`,
  expect: (text) => md`*보여야 하는 결과:* ${text}`,
  otherwise: (text) => md`*그렇지 않으면:* ${text}`,
  free: () => md`⏳ 아직 맡은 사람이 없습니다.`,
  held: ({ by, at }) => md`▶️ ${t.person(by.slackUser)} 님이 ${t.clock(at)}부터 하고 있습니다.`,
  failed: ({ by, at }, times) =>
    times === 1
      ? md`❌ *실패* (${t.person(by.slackUser)} 님이 ${t.clock(at)}에 보고). 이 단계는 열려 있습니다.`
      : md`❌ *실패 ${times}번* (마지막으로 ${t.person(by.slackUser)} 님이 ${t.clock(at)}에 보고). 이 단계는 열려 있습니다.`,
  causes: (causes) =>
    md`*알려진 원인:*\n${join(
      causes.map((cause) => md`• ${cause}`),
      '\n',
    )}`,
  wayBack: (text) => md`*지금 클러스터의 상태:* ${text}`,
  ended: (end) =>
    end.kind === 'done'
      ? md`✅ *완료* (${t.person(end.by.slackUser)} 님이 ${t.clock(end.at)}에 보고). 봇이 확인한 것은 아닙니다.`
      : md`⏭️ ${t.person(end.by.slackUser)} 님이 ${t.clock(end.at)}에 *건너뛰었습니다.* 이유: ${t.quote(end.reason)}`,
  roomOver: () => md`⏹️ 이 단계를 마치기 전에 작업방을 닫았습니다. RESTORE.md 파일에 같은 번호로 있습니다.`,
  buttons: {
    take: '제가 합니다',
    takeOver: '제가 넘겨받습니다',
    done: '완료',
    failed: '실패',
    skip: '건너뛰기(이유 입력)',
    meanwhile: '그동안 다른 단계를 합니다',
  },
  file: ({ number, of }) => md`📎 ${of}단계 중 ${number}단계의 명령 전체입니다.`,
  fileMissing: ({ number, why }) =>
    md`⚠️ ${number}단계의 명령이 메시지에 들어가지 않는데 파일로도 올리지 못했습니다: ${why}. RESTORE.md 파일에 같은 번호로 있습니다.`,
  form: {
    title: '이 단계를 건너뛸까요?',
    submit: '건너뛰기',
    close: '돌아가기',
    label: '건너뛰는 이유',
    hint: '이름과 함께 기록되고 스레드에도 표시됩니다.',
    intro: (p) =>
      md`${t.code(p.cluster)} 클러스터 복원의 ${p.number}단계를 마친 것으로 보고 다음 단계를 엽니다. 이 단계 없이도 복원되는지는 봇이 알지 못합니다.`,
    reasonMissing: '이유를 짧게라도 적어 주십시오. 아직 아무것도 바뀌지 않았습니다.',
    reasonTooLong: ({ length, max }) =>
      `사유가 ${length}자입니다. ${max}자까지 쓸 수 있습니다. 줄여 주십시오.`,
    notRecorded: '기록하지 못해 아무것도 바꾸지 않았습니다. 잠시 후 다시 시도하십시오.',
    notOpened: () => md`Slack에서 입력 창을 열지 못해 아무것도 바꾸지 않았습니다. 버튼을 다시 눌러 주십시오.`,
  },
});
