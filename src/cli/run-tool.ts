/** A program of the person's that is started here and waited for, and what signals do meanwhile. */

import type { World } from './world.ts';

/** `left`: whoever took its output took no more. `stopped`: we were asked to stop. `killed`: by somebody else. */
export type ToolEnd =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'absent' | 'left' | 'stopped' | 'killed' };

export interface ToolRun {
  readonly words: readonly string[];
  readonly folder: string;
  /** Takes its standard output, false when that is enough; without it that goes where ours goes. */
  readonly take?: (piece: Uint8Array) => Promise<boolean>;
}

export interface Starter {
  start(run: ToolRun): Promise<ToolEnd>;
  /** Signals end us again. */
  release(): void;
}

/** From here on a signal that asks us to stop is handed to the program, and we end when it has. */
export function starter(world: World): Starter {
  let stopped = false;
  let hand: ((signal: NodeJS.Signals) => void) | undefined;
  const release = world.watchSignals((signal) => {
    stopped = true;
    hand?.(signal);
    return true;
  });
  const start = async ({ words, folder, take }: ToolRun): Promise<ToolEnd> => {
    const { spawn } = await import('node:child_process');
    if (stopped) return { kind: 'stopped' };
    const child = spawn(words[0]!, words.slice(1), {
      cwd: folder,
      env: { ...world.terminal.env },
      stdio: ['inherit', take === undefined ? 'inherit' : 'pipe', 'inherit'],
    });
    hand = (signal) => child.kill(signal);
    let left = false;
    const end = new Promise<ToolEnd>((resolve) => {
      child.once('error', () => resolve({ kind: 'absent' }));
      child.once('close', (code) => resolve(endOf(code, stopped, left)));
    });
    if (take !== undefined && child.pid !== undefined) {
      for await (const piece of child.stdout!) {
        left = !(await take(piece as Uint8Array));
        if (left) break;
      }
    }
    return end;
  };
  return { start, release };
}

/** A program that was asked to stop may say so with a code of its own. */
function endOf(code: number | null, stopped: boolean, left: boolean): ToolEnd {
  if (stopped && code !== 0) return { kind: 'stopped' };
  if (left) return { kind: 'left' };
  return code === null ? { kind: 'killed' } : { kind: 'ended', code };
}
