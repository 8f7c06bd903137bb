/** Slack's limits, in UTF-16 units (the strictest way of counting) unless noted, and our own where Slack names none. */
export const limits = {
  blocks: 50,
  sectionText: 3_000,
  buttonText: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** Ours, in bytes of UTF-8: chat.update and chat.postEphemeral refuse a `text` of more than 4,000. */
  messageTextBytes: 3_000,
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
  /** Slack: `alt_txt_too_large`. */
  pictureAlt: 1_000,
  /**
   * Ours: Slack refuses a message whose blocks have more than some 12,000 characters together (`msg_blocks_too_long`); the rest
   * is for buttons with their questions, and for the footer.
   */
  allSections: 10_500,
  footer: 500,
  /** Ours: one outside text inside a sentence. */
  inline: 300,
  /** Ours: a path that must stay whole to be of use. */
  path: 1_200,
  /** Ours: the last lines of a program. */
  output: 2_400,
} as const;
