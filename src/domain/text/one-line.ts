/** A text from outside as one line of at most `max` units: rows of white space and of what cannot be printed become one space. */
export function oneLine(text: string, max = Number.POSITIVE_INFINITY): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, max);
}
