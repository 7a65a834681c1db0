/** Asking the person at the terminal. */

import { Interrupted } from '../model/problem.ts';
import type { Output } from './output.ts';
import type { Source } from './terminal.ts';

export interface Prompt {
  /** The answer without its line end and outer blanks; undefined where nobody can be asked or input ended. */
  ask(question: string): Promise<string | undefined>;
  /** Whether the answer was yes; everything else, and nobody to ask, is no. */
  confirm(question: string): Promise<boolean>;
}

/**
 * Asks on `stderr`, so that results stay results, and only where stdin is a terminal: a script never answers by
 * accident. Rejects with `Interrupted` when `signal` is aborted while a question is open.
 */
export function promptOf(stdin: Source, stderr: Output, signal?: AbortSignal): Prompt {
  const decoder = new TextDecoder();
  let typed = '';
  const takeLine = (): string | undefined => {
    const end = typed.indexOf('\n');
    if (end === -1) return undefined;
    const line = typed.slice(0, end);
    typed = typed.slice(end + 1);
    return line.trim();
  };
  const readLine = (): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Interrupted());
      const settle = (use: () => void): void => {
        stop();
        signal?.removeEventListener('abort', abort);
        use();
      };
      const abort = () => settle(() => reject(new Interrupted()));
      signal?.addEventListener('abort', abort);
      const stop = stdin.listen((chunk) => {
        if (chunk !== undefined) typed += decoder.decode(chunk, { stream: true });
        const line = takeLine();
        if (line !== undefined || chunk === undefined) settle(() => resolve(line));
      });
    });
  const ask = async (question: string): Promise<string | undefined> => {
    if (!stdin.isTTY) return undefined;
    stderr.write(`${question} `);
    const answer = takeLine() ?? (await readLine());
    if (answer === undefined) stderr.write('\n');
    return answer;
  };
  return { ask, confirm: async (question) => /^y(es)?$/i.test((await ask(`${question} [y/N]`)) ?? '') };
}
