import type { World } from '../world.ts';
import { StoryError } from './story.ts';

export interface DemoOptions {
  readonly dir: string;
  /** False: the directory is gone after the demo. */
  readonly isKept?: boolean;
  readonly json: boolean;
  readonly language: 'en' | 'ko';
  readonly print: (text: string) => void;
  /** Where it says why it failed; standard error by default. */
  readonly complain?: (text: string) => void;
  /** Ends the world with the sandbox, whatever ends that. */
  readonly hold?: (starting: Promise<World>) => Promise<World>;
}

/** Plays in the world and prints what that gives. Returns the exit code: 0 only if all of it came true. */
export async function playDemo(
  options: DemoOptions,
  starting: Promise<World>,
  play: (world: World) => Promise<string>,
): Promise<number> {
  const { dir, isKept = true, print, hold, complain = complainOnStandardError } = options;
  const world = await (hold?.(starting) ?? starting);
  try {
    print(await play(world));
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const known = error instanceof StoryError ? error.message : (error.stack ?? error.message);
    const where = isKept ? `Everything is in ${dir}` : keepHint;
    complain(`${world.transcript()}\n\nThe demo failed: ${known}\n${where}`);
    return 1;
  } finally {
    await world.stop();
  }
}

/** Said where the files that one may want to look at are gone at the end. */
export const keepHint = 'With --dir=DIRECTORY everything is kept for a look.';

export function complainOnStandardError(text: string): void {
  process.stderr.write(`${text}\n`);
}
