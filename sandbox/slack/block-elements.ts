import {
  all,
  anything,
  boolean,
  byType,
  complain,
  integer,
  list,
  object,
  oneOf,
  type Rule,
  string,
} from './block-rules.ts';
import { isObject, objectsIn } from './json.ts';

// The numbers are Slack's published limits of Block Kit.

export function plainText(max: number): Rule {
  return byType({ plain_text: object({ type: anything, text: string(max) }, { emoji: boolean }) });
}

export function anyText(max: number): Rule {
  return byType({
    plain_text: object({ type: anything, text: string(max) }, { emoji: boolean }),
    mrkdwn: object({ type: anything, text: string(max) }, { verbatim: boolean }),
  });
}

const confirm = object(
  { title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) },
  { style: oneOf('primary', 'danger') },
);
const actionId = string(255);

function option(text: Rule): Rule {
  return object({ text, value: string(150) }, { description: anyText(75), url: string(3000) });
}
const plainOption = option(plainText(75));
const richOption = option(anyText(75));
const optionGroup = object({ label: plainText(75), options: list(plainOption, 100) });

/** Slack refuses a preselected option that is not, to the letter, among the options. */
const initialAmongOptions: Rule = (value, at, found) => {
  if (!isObject(value)) return;
  const groups = objectsIn(value.option_groups).flatMap((group) => objectsIn(group.options));
  const known = [...objectsIn(value.options), ...groups].map((entry) => JSON.stringify(entry));
  const chosen = isObject(value.initial_option) ? [value.initial_option] : objectsIn(value.initial_options);
  for (const entry of chosen) {
    if (!known.includes(JSON.stringify(entry)))
      complain(found, 'initial option is not among the options', at);
  }
};

const oneOptionSource: Rule = (value, at, found) => {
  if (isObject(value) && (value.options === undefined) === (value.option_groups === undefined)) {
    complain(found, 'must define either `options` or `option_groups`', at);
  }
};

function element(required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule {
  return object({ type: anything, ...required }, { action_id: actionId, ...optional });
}

const menu = { placeholder: plainText(150), confirm, focus_on_load: boolean };
const maxItems = { max_selected_items: integer(1, 1000) };

function staticSelect(extra: Record<string, Rule>): Rule {
  const options = { options: list(plainOption, 100), option_groups: list(optionGroup, 100) };
  return all(element({}, { ...menu, ...options, ...extra }), oneOptionSource, initialAmongOptions);
}

export const button = element(
  { text: plainText(75) },
  {
    url: string(3000),
    value: string(2000),
    style: oneOf('primary', 'danger'),
    confirm,
    accessibility_label: string(75),
  },
);

export const image = object(
  { type: anything, alt_text: string(2000) },
  { image_url: string(3000), slack_file: anything },
);

export const choosers: Record<string, Rule> = {
  static_select: staticSelect({ initial_option: plainOption }),
  multi_static_select: staticSelect({ initial_options: list(plainOption, 100), ...maxItems }),
  external_select: element({}, { ...menu, initial_option: plainOption, min_query_length: integer(0, 100) }),
  users_select: element({}, { ...menu, initial_user: string(255) }),
  multi_users_select: element({}, { ...menu, initial_users: list(string(255), 100), ...maxItems }),
  channels_select: element({}, { ...menu, initial_channel: string(255), response_url_enabled: boolean }),
  conversations_select: element(
    {},
    {
      ...menu,
      initial_conversation: string(255),
      default_to_current_conversation: boolean,
      response_url_enabled: boolean,
      filter: anything,
    },
  ),
  checkboxes: all(
    element(
      { options: list(richOption, 10) },
      { initial_options: list(richOption, 10), confirm, focus_on_load: boolean },
    ),
    initialAmongOptions,
  ),
  radio_buttons: all(
    element(
      { options: list(richOption, 10) },
      { initial_option: richOption, confirm, focus_on_load: boolean },
    ),
    initialAmongOptions,
  ),
  datepicker: element({}, { ...menu, initial_date: string(10) }),
  timepicker: element({}, { ...menu, initial_time: string(5), timezone: string(255) }),
  datetimepicker: element(
    {},
    { initial_date_time: integer(0, 9_999_999_999), confirm, focus_on_load: boolean },
  ),
};

export const overflow = element({ options: list(plainOption, 5) }, { confirm });

const typed = { placeholder: plainText(150), focus_on_load: boolean, dispatch_action_config: anything };

export const inputs: Record<string, Rule> = {
  plain_text_input: element(
    {},
    {
      ...typed,
      initial_value: string(3000, 0),
      multiline: boolean,
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
    },
  ),
  number_input: element(
    { is_decimal_allowed: boolean },
    { ...typed, initial_value: string(255), min_value: string(255), max_value: string(255) },
  ),
  email_text_input: element({}, { ...typed, initial_value: string(255) }),
  url_text_input: element({}, { ...typed, initial_value: string(3000) }),
};
