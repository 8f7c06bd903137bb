import { type CoverageState, coverageStates } from '../../../domain/watch/coverage.ts';

/** Which part of the board a person looks at; kept in the view itself. */
export interface BoardPlace {
  /** Counted from 1. */
  readonly page: number;
  /** Only clusters in this state; undefined: all. */
  readonly state: CoverageState | undefined;
}

export const firstPlace: BoardPlace = { page: 1, state: undefined };

/** The option that means every state. */
export const everyState = 'all';

/** `2 stale`, for the view's private_metadata. */
export function placeText({ page, state }: BoardPlace): string {
  return `${page} ${state ?? everyState}`;
}

/** The first page of all for everything that no view of ours ever carried. */
export function parsePlace(text: string): BoardPlace {
  const [, page, word] = /^([1-9][0-9]{0,5}) ([a-z]+)$/.exec(text) ?? [];
  return page === undefined ? firstPlace : { page: Number(page), state: parseState(word) };
}

export function parseState(word: string | undefined): CoverageState | undefined {
  return coverageStates.find((each) => each === word);
}

/** A page's number from a button; the first page for anything else. */
export function parsePage(text: string | undefined): number {
  return /^[1-9][0-9]{0,5}$/.test(text ?? '') ? Number(text) : 1;
}
