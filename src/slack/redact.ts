/** Takes Slack's tokens and connection tickets out of a text that goes to the log. */
export function redactTokens(text: string): string {
  return text
    .replace(/\bx(?:ox[a-z]|app|wfp)-[\w.-]+/g, '(token)')
    .replace(/(ticket=)[^&\s"']+/g, '$1(secret)')
    .replace(/(\/(?:commands|actions|response)\/)[\w/-]+/g, '$1(secret)');
}
