import { parentPort, workerData } from 'node:worker_threads';
import type { SummaryPicture } from '../workflow/watch/summary-picture.ts';
import { renderPicture } from './render.ts';

// The thread of one picture: it ends with it, and all memory that drawing took goes with the thread.
parentPort?.postMessage(await renderPicture(workerData as SummaryPicture));
