import type { ConfiguredDestination } from './config.ts';

/** A destination with its secrets in the open, for the one who opens it. */
export function openedDestination(destination: ConfiguredDestination) {
  if (destination.kind === 'directory') return destination;
  const { credentials } = destination;
  if (credentials === undefined) return { ...destination, credentials };
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const pair = { accessKeyId: accessKeyId.reveal(), secretAccessKey: secretAccessKey.reveal() };
  const token = sessionToken === undefined ? {} : { sessionToken: sessionToken.reveal() };
  return { ...destination, credentials: { ...pair, ...token } };
}
