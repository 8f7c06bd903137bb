const shortestPart = 6;

/**
 * The secret parts of a proxy URL, as written and decoded: user info (to the last `@`) and password. Also the parts into which
 * a parser cuts a password that holds `/ ? # @ :` unescaped, since it names them when it complains. A URL without a scheme
 * counts, as Go takes it.
 */
export function proxySecrets(url: string): readonly string[] {
  const scheme = url.indexOf('://');
  const rest = scheme < 0 ? url : url.slice(scheme + '://'.length);
  const last = rest.lastIndexOf('@');
  if (last <= 0) return [];
  const userInfo = rest.slice(0, last);
  const colon = userInfo.indexOf(':');
  const password = userInfo.slice(colon + 1);
  const parts = password.split(/[/?#@:]/).filter((part) => part.length >= shortestPart);
  return [...new Set([userInfo, password, ...parts].flatMap((each) => [each, decodedPart(each)]))].filter(
    (each) => each !== '',
  );
}

function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
