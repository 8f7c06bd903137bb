// What a shell would replace, and the configuration takes as it is written.

/** For a text that is, or begins or ends a path with, a variable without braces. It is not repeated: it may be a secret. */
export function referenceHint(text: string): string | undefined {
  const looksSo = /(?:^|\/)\$[A-Za-z_][A-Za-z0-9_]*(?:\/|$)/.test(text);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the reader writes it so
  return looksSo ? 'a variable is written with braces: ${NAME}' : undefined;
}

/** For a path that begins with a person's home directory. */
export function homeHint(path: string): string | undefined {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the reader writes it so
  return /^~[\w.-]*(?:\/|$)/.test(path) ? '~ is not replaced: write the whole path, or ${HOME}/…' : undefined;
}
