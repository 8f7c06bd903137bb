/** Slack's limits, in UTF-16 units (the strictest way of counting), and our own where Slack names none. */
export const limits = {
  blocks: 50,
  sectionText: 3_000,
  headerText: 150,
  buttonText: 75,
  buttonValue: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  messageText: 40_000,
  contextElements: 10,
  /** Ours: Slack refuses messages whose blocks are too long all together, but does not say from where on. */
  allSections: 12_000,
  /** Ours: one outside text inside a sentence. */
  inline: 300,
  /** Ours: a path that must stay whole to be of use. */
  path: 1_200,
  /** Ours: the last lines of a program. */
  output: 2_400,
} as const;
