import type { Button, KnownBlock } from '@slack/types';
import type { Message } from '../../src/slack/messages/kit/blocks.ts';

/** What Slack would refuse, or show otherwise than meant. Numbers from Slack's documentation, on purpose not from src. */
export function slackComplaints(message: Message): string[] {
  const complaints: string[] = [];
  const say = (bad: boolean, what: string) => {
    if (bad) complaints.push(what);
  };
  const within = (text: string, max: number, what: string) => {
    say(text.length === 0, `${what} is empty`);
    say(text.length > max, `${what} has ${text.length} units, ${max} are allowed`);
  };

  within(message.text, 40_000, 'message text');
  const bytes = Buffer.byteLength(message.text);
  // Edits and private messages are refused at 4,000 bytes; ours stay well below.
  say(bytes > 3_000, `message text has ${bytes} bytes, 3,000 are allowed`);
  complaints.push(...unsafe(message.text, 'message text'));
  const blocks = message.blocks ?? [];
  const all = charactersIn(blocks);
  say(all > 12_000, `the blocks have ${all} characters together, some 12,000 are allowed`);
  say(message.blocks !== undefined && blocks.length === 0, 'blocks are empty');
  say(blocks.length > 50, `${blocks.length} blocks, 50 are allowed`);
  for (const [index, block] of blocks.entries()) complaints.push(...blockComplaints(block, `block ${index}`));
  const ids = blocks
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .map((each) => each.action_id);
  say(new Set(ids).size !== ids.length, 'an action id occurs twice');
  return complaints;

  function blockComplaints(block: KnownBlock, where: string): string[] {
    switch (block.type) {
      case 'section':
        within(block.text?.text ?? '', 3_000, `${where} section`);
        return unsafe(block.text?.text ?? '', where);
      case 'context':
        say(block.elements.length > 10 || block.elements.length === 0, `${where} context elements`);
        return block.elements.flatMap((each) => {
          const text = 'text' in each ? (each.text ?? '') : '';
          within(text, 3_000, `${where} context`);
          return unsafe(text, where);
        });
      case 'actions':
        say(block.elements.length > 25 || block.elements.length === 0, `${where} actions`);
        for (const each of block.elements) {
          if (each.type === 'button') button(each, where);
          else complaints.push(`${where} holds a ${each.type}`);
        }
        return [];
      default:
        return [`${where} is a ${block.type}, which no message needs`];
    }
  }

  function button(each: Button, where: string) {
    within(each.text.text, 75, `${where} button text`);
    within(each.value ?? '', 2_000, `${where} button value`);
    within(each.action_id ?? '', 255, `${where} action id`);
    if (!each.confirm) return;
    const { title, text, confirm, deny } = each.confirm;
    within(title?.text ?? '', 100, `${where} confirm title`);
    within(text.text, 300, `${where} confirm text`);
    within(confirm?.text ?? '', 30, `${where} confirm button`);
    within(deny?.text ?? '', 30, `${where} deny button`);
  }
}

/** Every text in the blocks, at any depth. */
function charactersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, each]) =>
      sum + (key === 'text' && typeof each === 'string' ? each.length : charactersIn(each)),
    0,
  );
}

const ours =
  /<(?:@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|#[CGD][A-Z0-9]+|!date\^\d+\^[^^|<>]+\|[^<>|]+|https?:\/\/[^\s<>|]+\|[^<>|]+)>/g;

/** Markup that is not ours, and signs that deceive the eye. */
function unsafe(text: string, where: string): string[] {
  const rest = text.replace(ours, '');
  const found: [boolean, string][] = [
    [/[<>]/.test(rest), 'a bare < or >'],
    [/&(?!amp;|lt;|gt;)/.test(text), 'a bare &'],
    [/@(channel|here|everyone)/i.test(rest), 'a mention of everybody'],
    [/[^\P{Cc}\n]/u.test(text), 'a control character'],
    [/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/u.test(text), 'a change of text direction'],
    [!text.isWellFormed(), 'half a surrogate pair'],
    [text.split('```').length % 2 === 0, 'an open block of code'],
    [text.replaceAll('```', '').split('`').length % 2 === 0, 'an open code span'],
    [/\bundefined\b|\bNaN\b|\[object/.test(text), 'a value that was never there'],
  ];
  return found
    .filter(([bad]) => bad)
    .map(([, what]) => `${where}: ${what} in ${JSON.stringify(text.slice(0, 300))}`);
}
