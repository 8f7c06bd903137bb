import { nearest } from '../../../domain/text/nearest.ts';
import { type Message, message } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import type { Context } from '../kit/tools.ts';
import { helpWords } from './words.ts';

export function helpMessage(topic: string | undefined, context: Context): Message {
  const t = toolsFor(context);
  const { overview, topics, unknownTopic } = helpWords(t);
  const asked = topic?.trim().toLowerCase() ?? '';
  const rest = t.rest('help');
  if (asked === '') return message({ sections: overview, text: overview.slice(0, 1), rest });
  if (!isTopic(asked, topics)) {
    const names = Object.keys(topics);
    const begun = names.find((each) => each.startsWith(`${asked}-`));
    const said = unknownTopic({ topic: asked, nearest: begun ?? nearest(asked, names) });
    return message({ sections: [said, ...overview], text: [said], rest });
  }
  const sections = topics[asked];
  return message({ sections, text: sections.slice(0, 2), rest });
}

type Topics = ReturnType<typeof helpWords>['topics'];

function isTopic(word: string, topics: Topics): word is keyof Topics {
  return Object.hasOwn(topics, word);
}
