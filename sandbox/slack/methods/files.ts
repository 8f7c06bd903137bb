import { ApiError, invalidArguments } from '../api-error.ts';
import { blocksOf } from '../content.ts';
import { asText, isObject } from '../json.ts';
import type { SharedFile } from '../model.ts';
import { obeyLimits, post, writableChannel } from '../posting.ts';
import { requireScope } from '../scopes.ts';
import type { Methods } from './methods.ts';

export const fileMethods: Methods = {
  'files.getUploadURLExternal': (core, args) => {
    requireScope(core.scopes, 'files:write');
    const name = args.required('filename');
    const length = args.number('length', Number.NaN);
    if (!Number.isInteger(length) || length < 1) throw invalidArguments('`length` must be greater than 0');
    const ticket = core.uploads.open(name, length);
    return { upload_url: `${core.baseUrl}/upload/v1/${ticket.key}`, file_id: ticket.fileId };
  },

  'files.completeUploadExternal': (core, args) => {
    requireScope(core.scopes, 'files:write');
    const listed = args.json('files', () => invalidArguments('`files` is not JSON'));
    if (!Array.isArray(listed) || listed.length === 0)
      throw invalidArguments('missing required field: files');
    const channelId = args.text('channel_id') ?? '';
    // Names are not taken here, ids only: an unknown id is a channel that does not exist.
    const channel = channelId === '' ? undefined : writableChannel(core, channelId, { upload: true });
    const threadTs = args.text('thread_ts');
    if (threadTs !== undefined && !core.state.find(channelId, threadTs))
      throw new ApiError('thread_not_found');
    if (channel) obeyLimits(core, channel, threadTs);
    const blocks = blocksOf(core, args);
    const files: SharedFile[] = listed.map((entry) => {
      const given = isObject(entry) ? entry : {};
      return core.uploads.complete(asText(given.id), asText(given.title));
    });
    for (const file of files) core.state.files.set(file.id, file);
    if (channel) {
      const text = args.text('initial_comment') ?? '';
      const place = { channel: channel.id, files, ...(threadTs === undefined ? {} : { threadTs }) };
      const share = () => void post(core, { text, blocks, warnings: [] }, place);
      // Slack answers with ok first; when the files appear is its own business.
      if (core.uploadsShareAfterMs === 0) share();
      else setTimeout(share, core.uploadsShareAfterMs).unref();
    }
    return { files: files.map((file) => ({ id: file.id, title: file.title })) };
  },
};
