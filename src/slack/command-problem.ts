/** Why the text behind the slash command could not be read. Put into words by messages/. */
export type CommandProblem =
  | { readonly kind: 'unknown-word'; readonly word: string; readonly nearest?: string }
  | {
      readonly kind: 'unknown-option';
      readonly option: string;
      readonly command: string;
      readonly nearest?: string;
    }
  | { readonly kind: 'missing'; readonly what: 'run' | 'destination'; readonly command: string }
  | { readonly kind: 'unclosed-quote' }
  | { readonly kind: 'too-long'; readonly length: number; readonly max: number }
  | { readonly kind: 'too-many-words'; readonly command: string; readonly word: string };
