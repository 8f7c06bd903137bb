/** Words of the command that name a run which is over: `list` shows those, `status` shows what is under way. */
export const commandsOnEndedRuns: ReadonlySet<string> = new Set(['verify', 'drill', 'show', 'audit']);
