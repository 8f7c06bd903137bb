import { createContext, useContext } from 'react';
import type { Done, PageHello, PageState, PersonAction, WorldAction } from '../protocol.ts';
import type { Words } from './words-en.ts';

/** What every part of the page may need. */
export interface Page {
  readonly words: Words;
  readonly language: 'en' | 'ko';
  readonly hello: PageHello;
  readonly state: PageState;
  /** ms UTC by the world's clock. */
  now(): number;
  /** Does it; what goes wrong is shown to the person. */
  act(action: PersonAction | WorldAction): Promise<Done>;
}

const PageContext = createContext<Page | undefined>(undefined);
export const PageProvider = PageContext.Provider;

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('This part is drawn outside of a page.');
  return page;
}

/** The name behind a user's id. */
export function personName({ state }: Page, id: string): string {
  return state.people[id]?.name ?? id;
}

/** Where blocks are: it decides what becomes of a click. */
export interface BlockPlace {
  click(element: ElementRef): Promise<void>;
  decline(element: ElementRef): Promise<void>;
  readonly form?: FormState;
}

interface ElementRef {
  readonly actionId: string;
  readonly blockId: string;
  readonly value?: string | undefined;
}

/** What is filled in, by action id, and what is wrong, by block id. */
interface FormState {
  readonly values: Readonly<Record<string, string>>;
  readonly errors: Readonly<Record<string, string>>;
  set(actionId: string, value: string): void;
}

const nowhere: BlockPlace = { click: async () => undefined, decline: async () => undefined };
const PlaceContext = createContext<BlockPlace>(nowhere);
export const PlaceProvider = PlaceContext.Provider;
export const usePlace = (): BlockPlace => useContext(PlaceContext);
