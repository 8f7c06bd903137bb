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
  modalTitle: 24,
  modalButton: 24,
  modalBlocks: 100,
  inputLabel: 2_000,
  inputHint: 2_000,
  inputPlaceholder: 150,
  optionText: 75,
  optionValue: 150,
  options: 100,
  homeBlocks: 100,
  optionGroupLabel: 75,
  /** Ours: Slack refuses a modal of more than 250 KB; clusters beyond this number are asked for by text. */
  modalClusters: 1_000,
  /** Ours: a cluster is two blocks on the board. Slack refuses a view of more than 250 KB, and takes 100 blocks. */
  boardPage: 25,
  /** Ours: 25 of them, three bytes a unit, leave room for the buttons. */
  boardRow: 2_400,
  /** Ours: a cluster in a message about all of them. */
  boardLine: 400,
  /** Ours: a sentence under a field. */
  fieldError: 300,
  /** Ours: Slack refuses messages whose blocks are too long all together, but does not say from where on. */
  allSections: 12_000,
  /** Ours: one outside text inside a sentence. */
  inline: 300,
  /** Ours: a path that must stay whole to be of use. */
  path: 1_200,
  /** Ours: the last lines of a program. */
  output: 2_400,
} as const;
