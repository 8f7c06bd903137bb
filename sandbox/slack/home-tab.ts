import type { Core } from './core.ts';
import { type PersonRef, personOf } from './directory.ts';
import type { Dispatcher, Outcome } from './dispatch.ts';
import type { JsonObject } from './json.ts';
import type { Person } from './model.ts';
import { openDirect } from './posting.ts';

const opened = 'app_home_opened';

export interface OpenTabInput {
  readonly user: PersonRef;
  /** `home` by default. Slack sends one event for both tabs. */
  readonly tab?: 'home' | 'messages';
}

/**
 * A person opens a tab of the app. The app gets an event where its manifest subscribes to the event; undefined: it does not.
 * Throws when its manifest has no such tab: there is none to open.
 */
export async function openHomeTab(
  core: Core,
  dispatcher: Dispatcher,
  { user, tab = 'home' }: OpenTabInput,
): Promise<Outcome | undefined> {
  const person = personOf(core, user);
  const { homeTab, messagesTab, botEvents } = core.features;
  if (person.deleted) throw new Error(`@${person.name} is deactivated and cannot do anything in Slack.`);
  if (!(tab === 'home' ? homeTab : messagesTab))
    throw new Error(`The app has no ${tab} tab: its manifest does not enable one (features.app_home).`);
  core.state.record({
    at: core.now(),
    kind: 'tab',
    who: person.id,
    text: tab === 'home' ? 'Home' : 'Messages',
  });
  if (!botEvents.includes(opened)) return undefined;
  const firstMessage = core.state.messages.length;
  const { envelope, result } = await dispatcher.send(
    'events_api',
    eventOf(core, openedEvent(core, person, tab)),
  );
  return dispatcher.outcome(person.id, envelope, result, undefined, firstMessage);
}

function openedEvent(core: Core, person: Person, tab: string): JsonObject {
  const home = tab === 'home' ? core.views.home(person.id) : undefined;
  return {
    type: opened,
    user: person.id,
    channel: openDirect(core, person).id,
    tab,
    event_ts: core.ids.ts(core.now()),
    // Only of a person for whom one was published before.
    ...(home === undefined ? {} : { view: structuredClone(home) }),
  };
}

/** The envelope that every event of the Events API comes in. */
function eventOf(core: Core, event: JsonObject): JsonObject {
  const { identity } = core;
  const { teamId } = identity;
  return {
    token: 'legacy-verification-token',
    team_id: teamId,
    ...(identity.enterpriseId === undefined ? {} : { enterprise_id: identity.enterpriseId }),
    api_app_id: identity.appId,
    type: 'event_callback',
    event_id: core.ids.next('Ev'),
    event_time: Math.floor(core.now() / 1000),
    authorizations: [
      {
        enterprise_id: identity.enterpriseId ?? null,
        team_id: teamId,
        user_id: identity.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event,
  };
}
