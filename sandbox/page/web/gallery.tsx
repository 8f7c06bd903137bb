import { type ReactNode, useEffect, useState } from 'react';
import type { GalleryEntry, GalleryMessage } from '../protocol.ts';
import { Blocks } from './blocks.tsx';
import { type Page, PageProvider } from './context.tsx';
import { emptyState } from './live.ts';
import { Mrkdwn } from './rich.tsx';
import { wordsIn } from './words.ts';

type Found =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'entries'; readonly entries: readonly GalleryEntry[] };

/** Every kind of message in the golden files, English beside Korean. Nothing in it can be clicked to an effect. */
export function Gallery(): ReactNode {
  const [found, setFound] = useState<Found>({ kind: 'loading' });
  useEffect(() => {
    load().then(setFound, (error: unknown) => setFound({ kind: 'failed', why: String(error) }));
  }, []);
  const { gallery, galleryLoading, galleryFailed } = wordsIn('en');
  return (
    <div className="gallery">
      <h1>
        {gallery} <span lang="ko">{wordsIn('ko').gallery}</span>
      </h1>
      {found.kind === 'loading' && <p>{galleryLoading}</p>}
      {found.kind === 'failed' && (
        <p className="warning" role="alert">
          {galleryFailed} {found.why}
        </p>
      )}
      {found.kind === 'entries' && found.entries.map((entry) => <Entry key={entry.name} entry={entry} />)}
    </div>
  );
}

async function load(): Promise<Found> {
  const answer = await fetch('/gallery.json');
  if (!answer.ok) return { kind: 'failed', why: await answer.text() };
  return { kind: 'entries', entries: (await answer.json()) as readonly GalleryEntry[] };
}

function Entry({ entry }: { readonly entry: GalleryEntry }): ReactNode {
  return (
    <section id={entry.name} className="gallery-entry">
      <h2>
        <a href={`#${entry.name}`}>{entry.name}</a>
      </h2>
      <div className="both">
        <Messages language="en" messages={entry.en} />
        <Messages language="ko" messages={entry.ko} />
      </div>
    </section>
  );
}

interface MessagesProps {
  readonly language: 'en' | 'ko';
  readonly messages: readonly GalleryMessage[];
}

function Messages({ language, messages }: MessagesProps): ReactNode {
  return (
    <PageProvider value={pageOf(language)}>
      <div lang={language}>
        {messages.map(({ text, blocks = [] }, index) => (
          <div className="message-sample" key={`${index} ${text}`}>
            {blocks.length > 0 ? (
              <Blocks blocks={blocks} />
            ) : (
              <div className="text">
                <Mrkdwn text={text} />
              </div>
            )}
          </div>
        ))}
      </div>
    </PageProvider>
  );
}

/** No world is behind the gallery. */
function pageOf(language: 'en' | 'ko'): Page {
  return {
    language,
    words: wordsIn(language),
    hello: {
      world: '',
      me: '',
      bot: '',
      language,
      command: { name: '', description: '', hint: '', words: [] },
      isDirectReadOnly: false,
      channel: '',
      etcd: undefined,
      client: '',
    },
    state: emptyState,
    now: () => Date.now(),
    act: async () => ({}),
  };
}
