import { ApiError, refusalWithMessages } from './api-error.ts';
import type { Args } from './args.ts';
import { problemsOfMessageBlocks, withIds } from './block-check.ts';
import type { Core } from './core.ts';
import { asText, isObject, type JsonObject, objectsIn } from './json.ts';

const MAX_TEXT = 40_000;
const MAX_METADATA_BYTES = 16_384;

export interface Content {
  readonly text: string;
  readonly blocks: JsonObject[];
  readonly metadata?: JsonObject;
  /** Slack's warnings for the answer, such as `message_truncated`. */
  readonly warnings: string[];
}

type Limited = Pick<Core, 'limits' | 'ids'>;

/** Text, blocks and metadata of a message to post, refused as Slack refuses them. */
export function contentOf(core: Limited, args: Args): Content {
  const text = args.text('text') ?? '';
  const blocks = blocksOf(core, args);
  if (text === '' && blocks.length === 0) throw new ApiError('no_text');
  const metadata = metadataOf(args);
  return {
    text: text.slice(0, MAX_TEXT),
    blocks,
    warnings: text.length > MAX_TEXT ? ['message_truncated'] : [],
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** The limit of the methods that do not cut a text which is too long. */
export function refuseLongText({ limits }: Limited, args: Args): void {
  if (Buffer.byteLength(args.text('text') ?? '') > limits.textBytes) throw new ApiError('msg_too_long');
}

export function blocksOf({ limits, ids }: Limited, args: Args): JsonObject[] {
  const value = args.json('blocks', () => new ApiError('invalid_blocks_format'));
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isObject)) throw new ApiError('invalid_blocks_format');
  const problems = problemsOfMessageBlocks(value, limits.blocks);
  if (problems.length > 0) throw refusalWithMessages('invalid_blocks', problems);
  const blocks = objectsIn(value);
  if (charactersIn(blocks) > limits.blocksCharacters) throw new ApiError('msg_blocks_too_long');
  return withIds(blocks, () => ids.token('block', 5));
}

function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + charactersIn(entry), 0);
  if (!isObject(value)) return 0;
  const own = asText(value.text).length;
  return Object.values(value).reduce<number>((sum, entry) => sum + charactersIn(entry), own);
}

export function metadataOf(args: Args): JsonObject | undefined {
  const value = args.json('metadata', () => new ApiError('invalid_metadata_format'));
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new ApiError('invalid_metadata_format');
  const wellFormed = asText(value.event_type) !== '' && isObject(value.event_payload);
  if (!wellFormed) throw new ApiError('invalid_metadata_schema');
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_METADATA_BYTES) throw new ApiError('metadata_too_large');
  return value;
}
