import type { ReactNode } from 'react';
import { asText, type JsonObject } from '../../slack/json.ts';
import { usePage } from './context.tsx';
import { Mrkdwn, Plain } from './rich.tsx';

/** A visible mark instead of a silent gap. */
export function CannotShow({ what }: { readonly what: string }): ReactNode {
  const { words } = usePage();
  return <p className="cannot-show">⚠ {words.cannotShow(what)}</p>;
}

export function TextObject({ text }: { readonly text: JsonObject }): ReactNode {
  if (text.type === 'mrkdwn') return <Mrkdwn text={asText(text.text)} />;
  if (text.type === 'plain_text') return <Plain text={asText(text.text)} />;
  return <CannotShow what={asText(text.type)} />;
}
