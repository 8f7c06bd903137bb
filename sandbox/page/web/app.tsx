import { type ReactNode, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { PersonAction, WorldAction } from '../protocol.ts';
import { type Page, PageProvider, personName } from './context.tsx';
import { connect, type Seen } from './live.ts';
import { Shell } from './shell.tsx';
import { wordsIn } from './words.ts';

const live = connect(new URLSearchParams(location.search).get('as') ?? undefined);

/** The workspace as the person of this window sees it. */
export function App(): ReactNode {
  const seen = useSyncExternalStore(live.subscribe, live.seen);
  const [failure, setFailure] = useState<string>();
  const act = useCallback(async (action: PersonAction | WorldAction) => {
    setFailure(undefined);
    const done = await live.act(action);
    if (done.error !== undefined) setFailure(done.error);
    return done;
  }, []);
  const page = usePageOf(seen, act);
  const words = wordsIn(seen.hello?.language ?? 'en');
  if (page === undefined)
    return <p className="loading">{seen.isConnected ? words.loading : words.notReached}</p>;
  return (
    <PageProvider value={page}>
      <Shell
        key={page.hello.world + page.hello.me}
        happenings={seen.happenings}
        isConnected={seen.isConnected}
        failure={failure}
        onFailureRead={() => setFailure(undefined)}
      />
    </PageProvider>
  );
}

/** undefined: nothing is known of the world yet. */
function usePageOf({ hello, state }: Seen, act: Page['act']): Page | undefined {
  const page = useMemo(() => {
    if (hello === undefined || Object.keys(state.channels).length === 0) return undefined;
    const ahead = state.world.facts?.clockOffsetMs ?? 0;
    const { language } = hello;
    return { hello, state, language, words: wordsIn(language), act, now: () => Date.now() + ahead };
  }, [hello, state, act]);
  useEffect(() => {
    if (page === undefined) return;
    document.documentElement.lang = page.language;
    document.title = `@${personName(page, page.hello.me)} · etcd-backup sandbox`;
  }, [page]);
  return page;
}
