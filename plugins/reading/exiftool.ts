/** How exiftool is asked about a file: one process for each thread, which stays until the thread ends. */

import type { ExifTool } from 'exiftool-vendored';
import { ToolMissing } from '../../src/plugin/api.ts';
import { tagsOf, type Tags } from './tags.ts';

/** What it says of a file, or why it says nothing. */
export type Told =
  | { readonly kind: 'tags'; readonly tags: Tags; readonly fault: string | undefined }
  | { readonly kind: 'failed'; readonly reason: string };

/** A file that takes longer has hung: its process is ended, and the next file has a new one. */
const LONGEST_READING = 30_000;
/** Behind it nothing is waited for, whatever became of processes. */
const LONGEST_ANSWER = 2 * LONGEST_READING;
/** A new one costs as much as ten files; one that has grown goes. */
const MOST_FILES = 2000;

/**
 * What perl runs in place of exiftool itself.
 *
 * exiftool looks a hundred times a second, for ever, for more on a pipe whose other end is gone. Who was killed closes
 * no process, so this ends it at the end of its input. `sysread` reads nothing else in exiftool.
 */
const UNTIL_END_OF_INPUT = `
BEGIN {
  no strict 'refs';
  *CORE::GLOBAL::sysread = sub (*\\$$;$) {
    my ($from, $into, $most, $at) = @_;
    $from = caller() . "::$from" unless ref $from or ref \\$from eq 'GLOB';
    my $read = CORE::sysread($from, $$into, $most, $at || 0);
    exit if defined $read and $read == 0;
    return $read;
  };
}
$0 = shift;
do $0;
die $@ if $@`;

let opened: Promise<ExifTool> | undefined;

/**
 * The tags of a file that `words` ask for, as exiftool's own options.
 *
 * `path` is what `localPath` gives: neither words nor path have line breaks. Throws ToolMissing where there is no perl.
 */
export async function askExiftool(path: string, words: readonly string[]): Promise<Told> {
  const exiftool = await (opened ??= open());
  // Processes and pipes of the package hold nothing up; this timer does, as long as an answer is waited for.
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => reject(new Error('timeout')), LONGEST_ANSWER);
  });
  try {
    const options = { readArgs: [...ALWAYS, ...words], useMWG: false, ignoreMinorErrors: true };
    return told(await Promise.race([exiftool.readRaw(path, options), late]));
  } catch (error) {
    return failed(error);
  } finally {
    clearTimeout(deadline);
  }
}

/**
 * Groups tell tags of one name apart (`-a`, `-G0:1`), structures stay whole, and every value is a text: what is a
 * number or `true` for JSON may be a word of a person's.
 */
const ALWAYS = ['-a', '-G0:1', '-struct', '-api', 'StructFormat=JSONQ', '-Error', '-Warning'];

async function open(): Promise<ExifTool> {
  const { ExifTool, exiftoolPath } = await import('exiftool-vendored');
  const script = await exiftoolPath();
  const limits = {
    // Two threads ask: more processes than cores cost a start each (1,200 pictures took 14.5 s with two each, 13.1 s so).
    maxProcs: 1,
    maxTasksPerProcess: MOST_FILES,
    taskTimeoutMillis: LONGEST_READING,
    taskRetries: 0,
    // Times in files are told as they stand, wherever this runs.
    exiftoolEnv: { TZ: 'UTC' },
  };
  // Windows has a program that brings its own perl.
  if (script.endsWith('.exe')) return new ExifTool(limits);
  const words = [UNTIL_END_OF_INPUT, script, '-stay_open', 'True', '-@', '-'];
  return new ExifTool({ ...limits, ignoreShebang: true, exiftoolPath: '-e', exiftoolArgs: words });
}

function told(answer: object): Told {
  const tags = tagsOf(answer);
  return { kind: 'tags', tags, fault: tags.text('ExifTool:Error', 'ExifTool:Warning') };
}

function failed(error: unknown): Told {
  const message = error instanceof Error ? error.message : '';
  if (/perl must be installed/i.test(message))
    throw new ToolMissing('exiftool needs perl, which is not on this machine', 'install perl');
  return {
    kind: 'failed',
    reason: /time/i.test(message) ? 'takes exiftool too long' : 'makes exiftool fail',
  };
}
