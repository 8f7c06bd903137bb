import type { DrawPicture, SummaryPicture } from '../../workflow/watch/summary-picture.ts';

/** Draws the picture of a slot beside whatever else is sent; undefined: it is being drawn. */
export type Drawing = (
  slot: number,
  picture: SummaryPicture,
) => { readonly content: Uint8Array } | { readonly failed: unknown } | undefined;

export function createDrawing(draw: DrawPicture): Drawing {
  let last: { readonly slot: number; result: ReturnType<Drawing> } | undefined;
  return (slot, picture) => {
    if (last?.slot === slot) return last.result;
    const drawn: NonNullable<typeof last> = { slot, result: undefined };
    last = drawn;
    void draw(picture)
      .then(
        (content) => ({ content }),
        (failed: unknown) => ({ failed }),
      )
      .then((result) => {
        drawn.result = result;
      });
    return undefined;
  };
}
