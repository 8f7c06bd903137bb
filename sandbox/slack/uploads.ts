import { ApiError } from './api-error.ts';
import type { Ids } from './ids.ts';
import type { SharedFile } from './model.ts';

export interface Uploads {
  open(name: string, length: number): { key: string; fileId: string };
  /** Takes the bytes for an upload address; false when the address is unknown or the length is not as announced. */
  receive(key: string, bytes: Buffer): boolean;
  /** The finished file, once; throws `file_not_found` before its bytes have come. */
  complete(fileId: string, title: string): SharedFile;
}

export function createUploads(ids: Ids): Uploads {
  const tickets = new Map<string, { fileId: string; name: string; length: number; bytes?: Buffer }>();
  return {
    open(name, length) {
      const key = ids.token('upload', 40);
      const fileId = ids.next('F');
      tickets.set(key, { fileId, name, length });
      return { key, fileId };
    },
    receive(key, bytes) {
      const ticket = tickets.get(key);
      if (!ticket || ticket.bytes || bytes.length !== ticket.length) return false;
      ticket.bytes = bytes;
      return true;
    },
    complete(fileId, title) {
      const found = [...tickets].find(([, ticket]) => ticket.fileId === fileId);
      if (!found?.[1].bytes) throw new ApiError('file_not_found');
      const [key, { name, bytes }] = found;
      tickets.delete(key);
      return { id: fileId, name, title: title === '' ? name : title, bytes };
    },
  };
}
