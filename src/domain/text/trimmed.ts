/** The text without all of these letters at its end: `/+$` as an expression takes the square of a long row of slashes. */
export function withoutEnd(text: string, letter: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === letter) end -= 1;
  return text.slice(0, end);
}
