import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DoctorTexts } from '../doctor-text.ts';

export const tokenLines = (t: Tools) =>
  ({
    'slack.not-looked-at': ({ missing }) => ({
      looked: md`Slack`,
      found: md`권한 범위, 채널, 사람을 확인하지 않았습니다. 이곳에 설정되지 않은 값: ${t.names(missing)}`,
      fix: md`Slack 앱을 만든 뒤 토큰이 설정된 곳에서 다시 확인하십시오.`,
    }),

    'slack.unreachable': ({ detail }) => ({
      looked: md`Slack`,
      found: md`응답하지 않습니다(${detail})`,
      fix: md`Slack까지의 경로를 확인하십시오: DNS, 방화벽, 봇 구성의 ${t.code('proxy')}, ${t.code('ca')}, ${t.code('slack.apiUrl')} 값.`,
    }),

    'slack.refused': ({ detail }) => ({
      looked: md`봇 토큰`,
      found: md`${detail}`,
      fix: md`앱 설정의 “OAuth &amp; Permissions”에 토큰이 있습니다. ${t.code('slack.botToken')} 값의 출처에 넣으십시오.`,
    }),

    'delivery.not-looked-at': ({ key }) => ({
      looked: md`Slack에서 오는 명령과 클릭`,
      found: md`확인하지 않았습니다. ${t.code(key)} 값이 이곳에 설정되지 않았습니다`,
      fix: md`이 값이 없으면 봇이 시작되지 않습니다. 값이 설정된 곳에서 다시 확인하십시오.`,
    }),

    'app-token.works': () => ({ looked: md`앱 수준 토큰`, found: md`Slack에서 인정함` }),

    'app-token.refused': ({ detail }) => ({
      looked: md`앱 수준 토큰`,
      found: md`Slack에서 인정하지 않습니다(${detail})`,
      fix: md`앱 설정의 “Basic Information → App-Level Tokens”에서 ${t.code('connections:write')} 권한 범위로 토큰을 만들어 ${t.code('slack.appToken')} 값의 출처에 넣으십시오.`,
    }),
  }) satisfies Partial<DoctorTexts>;
