/** `dbk serve`: what another dbk starts here through ssh, to read this repository. */

import { resolve } from 'node:path/posix';
import { openRepository } from '../../flow/repository.ts';
import { serve } from '../../flow/serve.ts';
import { Refusal } from '../../model/problem.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { writeAll } from '../output.ts';
import type { Sink, Source } from '../terminal.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import * as problems from './problems.ts';

export const SERVE: Entry = {
  name: 'serve',
  group: 'tools',
  isHidden: true,
  summary: 'Let another dbk read a repository over standard input and output',
  description: [
    `Nobody types this: 'dbk pull ssh://HOST/PATH', 'dbk fetch', 'dbk get' and 'dbk clone' start it on the other machine, through the ssh of the person's own configuration. It answers until its standard input ends, writes nothing to the repository at PATH, and listens nowhere. Which program is called for ssh, DBK_SSH says, and what dbk is called on the other machine, DBK_REMOTE: one program each, without arguments.`,
  ],
  arguments: [{ name: 'PATH' }],
  options: [
    { name: 'stdio', type: 'flag', summary: 'over standard input and output; there is no other way' },
  ],
  examples: [{ line: 'dbk serve --stdio ~/Data', says: 'What ssh is told to start' }],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  if (!work.given.flag('stdio')) throw new Refusal('usage', problems.needsStdio('serve'));
  const [path] = work.given.operands;
  const repository = openRepository(await work.context(), resolve(work.directory, path!));
  const { stdin, stdout } = work.world.terminal;
  await serve(repository, { incoming: piecesOf(stdin), send: async (bytes) => sendTo(stdout, bytes) });
  return EXIT.done;
}

/** What comes while nobody waits for it is kept: whoever asks does not ask for more than it can take. */
async function* piecesOf(source: Source): AsyncGenerator<Uint8Array> {
  const waiting: (Uint8Array | undefined)[] = [];
  let wake = (): void => undefined;
  const stop = source.listen((piece) => {
    waiting.push(piece);
    wake();
  });
  try {
    for (;;) {
      if (waiting.length === 0) await new Promise<void>((resolved) => (wake = resolved));
      const piece = waiting.shift();
      if (piece === undefined) return;
      yield piece;
    }
  } finally {
    stop();
  }
}

function sendTo(sink: Sink, bytes: Uint8Array): void {
  // Whoever asked has gone, and wants no more answers.
  if (!writeAll(sink, bytes)) throw Object.assign(new Error('EPIPE: nobody reads'), { code: 'EPIPE' });
}
