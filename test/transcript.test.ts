/**
 * Whole sessions with the command line, compared with the files in `fixtures/transcripts`: what stands on stdout, on
 * stderr (`! `), and the exit code where it is not 0.
 *
 * `$ dbk …` is played, also behind `cd DIR && ` or a variable (`$ EDITOR=true dbk …`); any other `$ …` is a line for
 * the shell; `> …` below a command is typed at its prompt. With DBK_WRITE_TRANSCRIPTS=1 the files are written anew;
 * read the difference before you commit it.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { Stage, type Played } from './cli/stage.ts';

const FOLDER = 'fixtures/transcripts';

interface Step {
  readonly line: string;
  readonly typed: readonly string[];
}

/** The steps of a transcript, and what stands above the first: words about it. */
function read(text: string): { readonly head: string; readonly steps: readonly Step[] } {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('$ '));
  const steps: { line: string; typed: string[] }[] = [];
  let isTyping = false;
  for (const line of lines.slice(first)) {
    if (line.startsWith('$ ')) steps.push({ line: line.slice(2), typed: [] });
    else if (isTyping && line.startsWith('> ')) steps.at(-1)!.typed.push(line.slice(2));
    isTyping = line.startsWith('$ ') || (isTyping && line.startsWith('> '));
  }
  return { head: lines.slice(0, first).join('\n'), steps };
}

async function play(stage: Stage, { line, typed }: Step): Promise<string> {
  const head = [`$ ${line}`, ...typed.map((each) => `> ${each}`), ''].join('\n');
  const found = /^(?:cd (\S+) && )?(?:([A-Z_]+)=(\S+) )?dbk(?: (.*))?$/.exec(line);
  if (found === null) return head + stage.shell(line);
  const [, cd, variable, value = '', command = ''] = found;
  const words = stage.words(command, cd);
  const options = {
    ...(cd !== undefined && { from: cd }),
    ...(variable !== undefined && { env: { [variable]: value } }),
    ...(typed.length > 0 && { typed }),
  };
  return head + shown(await stage.play(words, options));
}

function shown({ pieces, exit }: Played): string {
  const text = pieces
    .map(({ to, text: piece }) => (to === 'stdout' ? piece : piece.replace(/^(?=.)/gm, '! ')))
    .join('')
    .replace(/[ \t]+$/gm, (blanks) => blanks.replaceAll(' ', '·'));
  const whole = text === '' || text.endsWith('\n') ? text : `${text}⏎\n`;
  return exit === 0 ? whole : `${whole}[exit ${exit}]\n`;
}

for (const name of readdirSync(FOLDER).filter((each) => each.endsWith('.txt'))) {
  test(`transcript: ${name.replace(/\.txt$/, '').replaceAll('-', ' ')}`, async (t) => {
    const path = join(FOLDER, name);
    const expected = readFileSync(path, 'utf8');
    const { head, steps } = read(expected);
    const stage = new Stage(t);
    let found = `${head}\n`;
    for (const step of steps) found += `${await play(stage, step)}\n`;
    if (process.env['DBK_WRITE_TRANSCRIPTS'] === '1') writeFileSync(path, found);
    else assert.equal(found, expected);
  });
}
