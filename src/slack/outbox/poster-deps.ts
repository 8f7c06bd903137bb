import type { OutboxDeps } from './deps.ts';
import type { Drawing } from './drawing.ts';
import type { LiveMessages } from './live-messages.ts';
import type { UploadOnce } from './upload-once.ts';

/** With what the sender remembers between messages. */
export interface PosterDeps extends OutboxDeps {
  readonly live: LiveMessages;
  readonly uploadOnce: UploadOnce;
  readonly drawing: Drawing;
}
