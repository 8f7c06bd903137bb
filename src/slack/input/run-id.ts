/** The shape of a run's id: everything else in a button or behind `status` is something else. */
export function isRunId(text: string): boolean {
  return /^r-[0-9a-z]{8}$/.test(text);
}
