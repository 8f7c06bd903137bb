import { type FormEvent, type ReactNode, useMemo, useState } from 'react';
import { asObject, asText } from '../../slack/json.ts';
import type { PageView } from '../protocol.ts';
import { Blocks } from './blocks.tsx';
import { type BlockPlace, PlaceProvider, usePage } from './context.tsx';
import { Dialog } from './dialog.tsx';

/** The form on top of the page; keyed by the view, it keeps what was typed while the app changes it. */
export function Modal({ view }: { readonly view: PageView }): ReactNode {
  const { act, words } = usePage();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [isBusy, setBusy] = useState(false);
  const close = () => void act({ do: 'close' });
  const there = fieldsOf(view);
  const typed = Object.fromEntries(Object.entries(values).filter(([actionId]) => there.includes(actionId)));
  const place: BlockPlace = {
    async click({ actionId, ...element }) {
      const { [actionId]: _, ...others } = typed;
      await act({ do: 'click-view', home: false, actionId, ...element, values: others });
    },
    decline: async () => undefined,
    form: {
      values,
      errors,
      set: (actionId, value) => setValues((before) => ({ ...before, [actionId]: value })),
    },
  };
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    const { fields } = await act({ do: 'submit', viewId: view.id, values: typed });
    setErrors(fields ?? {});
    setBusy(false);
  }
  return (
    <Dialog title={view.title} onClose={close} className="modal">
      <form onSubmit={(event) => void submit(event)} noValidate={true}>
        <PlaceProvider value={place}>
          <Blocks blocks={view.blocks} />
        </PlaceProvider>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={close}>
            {view.close || words.close}
          </button>
          {view.submit !== '' && (
            <button type="submit" className="button primary" disabled={isBusy} aria-busy={isBusy}>
              {view.submit}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function fieldsOf(view: PageView): readonly string[] {
  return view.blocks.map((block) => asText(asObject(block.element).action_id)).filter((id) => id !== '');
}

/** The app's Home tab, as the app published it for this person. */
export function Home({ view }: { readonly view: PageView | undefined }): ReactNode {
  const { act, words } = usePage();
  const place = useMemo<BlockPlace>(
    () => ({
      click: async (element) => void (await act({ do: 'click-view', home: true, ...element, values: {} })),
      decline: async () => undefined,
    }),
    [act],
  );
  if (view === undefined) return <p className="quiet empty">{words.openingHome}</p>;
  return (
    <div className="home">
      <PlaceProvider value={place}>
        <Blocks blocks={view.blocks} />
      </PlaceProvider>
    </div>
  );
}
