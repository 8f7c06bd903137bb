import type { OwnerMessage } from '../../../domain/watch/cluster-notice.ts';
import type { AdoptAnswer, NotAllowed, PlacesAnswer } from '../../../workflow/access/backups.ts';
import { actionIds } from '../kit/action-ids.ts';
import { button, type Message, message, stack } from '../kit/blocks.ts';
import { toolsFor } from '../kit/make-tools.ts';
import { lines, md } from '../kit/markup.ts';
import { oneSection, refusal } from '../kit/refusal.ts';
import { sayBy } from '../kit/texts-by.ts';
import type { Context } from '../kit/tools.ts';
import { placeWords } from './words.ts';

export function placesAnswer(answer: PlacesAnswer, context: Context): Message {
  if (answer.outcome !== 'places') return refusal(answer, context);
  const t = toolsFor(context);
  const entries = answer.places.map((each) => placeWords(t).listLine(each));
  const more = (count: number) => md`… ${t.units.more(count)}`;
  const title = placeWords(t).listTitle(entries.length);
  return message({
    sections: [title, ...stack(entries, { more })],
    text: [title, ...entries.slice(0, 3)],
    rest: t.rest('destination'),
  });
}

export function adoptAnswer(answer: AdoptAnswer, context: Context): Message {
  const t = toolsFor(context);
  const places = placeWords(t);
  switch (answer.outcome) {
    case 'adopted':
      return message({ sections: [places.adopted(answer)] });
    case 'confirm-needed': {
      const value = `${answer.destination} ${answer.fingerprint}`;
      const adopt = button({ id: actionIds.placeAdopt, label: places.adoptButton, value, style: 'danger' });
      return message({ sections: [places.confirm(answer)], buttons: [adopt] });
    }
    case 'known-already':
    case 'place-unreachable':
    case 'marker-unreadable':
    case 'unknown-destination':
    case 'not-an-owner':
    case 'not-cluster-admin-everywhere':
    case 'rights-unreadable':
    case 'no-decider': {
      return oneSection(sayBy(places.refused, 'outcome', answer));
    }
    default:
      return refusal(answer satisfies NotAllowed, context);
  }
}

/** What the button of a confirmation carries: the destination and what was seen there. Undefined: no message of ours had it. */
export function parsePlaceButton(
  text: string,
): { readonly destination: string; readonly confirmed: string } | undefined {
  const [, destination, confirmed] =
    /^([A-Za-z0-9][A-Za-z0-9._@-]{0,39}) (none|p-[0-9a-z]{8,64})$/.exec(text) ?? [];
  return destination === undefined || confirmed === undefined ? undefined : { destination, confirmed };
}

/** To one owner alone. */
export function placeOwnerMessage(
  say: Extract<OwnerMessage, { type: 'place-not-known' }>,
  context: Context,
): Message {
  const t = toolsFor(context);
  const places = placeWords(t);
  const said = places.owner(say);
  return message({
    sections: [lines(...said), places.youAreOwner(say.destination)],
    text: said,
    rest: t.rest('destination'),
  });
}
