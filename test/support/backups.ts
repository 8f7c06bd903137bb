import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type RequestInfo, until } from '../../sandbox/world.ts';
import type { FileCopy } from '../../src/domain/copies/file-copy.ts';
import type { FileKind } from '../../src/domain/copies/manifest-document.ts';
import { markerKey } from '../../src/domain/copies/place-marker.ts';
import { type BackupRun, isActive } from '../../src/domain/run/run.ts';
import type { Request, Stage } from './e2e.ts';

/** Requested and approved; what happens then is the caller's to wait for. */
export async function approvedRun(stage: Stage): Promise<Request> {
  const request = await stage.request('prod-east');
  await stage.click(stage.world.people.approver, request, 'approve');
  return request;
}

export async function endOf(stage: Stage, request: Request): Promise<BackupRun> {
  return until(`the end of ${request.runId}`, async () => {
    const run = await stage.run(request);
    return !isActive(run.status) && run;
  });
}

/** A whole backup, from the request to its end. */
export async function backup(stage: Stage): Promise<{ readonly request: Request; readonly run: BackupRun }> {
  const request = await approvedRun(stage);
  const run = await endOf(stage, request);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
  return { request, run };
}

export function copyOf(run: BackupRun, file: FileKind): FileCopy {
  return run.success?.copies?.find((copy) => copy.file === file) ?? assert.fail(`no copy of the ${file}`);
}

/** Where a path of the node lies on this machine. */
export function onNode(stage: Stage, run: BackupRun, place: string): string {
  const node = stage.world.plane.nodes.find(({ name }) => name === run.plan?.node);
  return path.join(node?.dir ?? assert.fail(run.plan?.node), place);
}

export async function sha256Of(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/** All files below but a destination's marker, hidden ones too, relative and sorted; none for a directory that is not there. */
export async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .filter((name) => name !== markerKey)
    .toSorted();
}

/** Requests that read one file of the node. */
export function reads(name: string): (request: RequestInfo) => boolean {
  return ({ subresource, command }) =>
    subresource === 'exec' && command.includes('cat') && command.some((word) => word.includes(name));
}

/** What waits for its next try is due now. */
export async function tryNow(stage: Stage, { runId }: Request): Promise<void> {
  const now = Date.now();
  const due = (copy: FileCopy) => (copy.nextTryAt === undefined ? copy : { ...copy, nextTryAt: now });
  await stage.records.decide({
    runId,
    deliveryId: `due-${runId}-${now}`,
    now,
    decision: ({ success }) => ({
      set: { success: success && { ...success, copies: success.copies?.map(due) ?? [] } },
      audit: [],
      notices: [],
    }),
  });
}
