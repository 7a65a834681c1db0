/**
 * Modification times to the nanosecond, of many files: Node hands times on as doubles, which are exact to about 240 ns.
 *
 * One program gets all of them, the first here that there is: perl, which can call the system (5 µs a file); python3
 * (10 µs); `touch`, once for each (1.3 ms). Without any they are exact to the microsecond.
 */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { arch, platform } from 'node:os';
import { instantOf } from '../model/instant.ts';
import { bytesOfName } from '../model/name.ts';
import { reach } from './reach.ts';

const MICROSECOND = 1000n;
const SECOND = 1_000_000_000n;
/** Of a path that is given to another program. */
const LONGEST_ARGUMENT = 4000;

/** A file and the time it is to have, in nanoseconds since 1970. */
export type Timed = readonly [path: string, modified: bigint];

/** What a program could not do is found by the caller's next look, and is no more than a rest. */
export function setTimes(files: readonly Timed[]): void {
  for (const [path, modified] of files) reach(path, (short) => setTimeRoughly(short, modified));
  // Whole seconds are exact as a number; of fractions each version of Node rounds in its own way.
  const exact = files.filter(
    ([path, modified]) => modified % SECOND !== 0n && Buffer.byteLength(path) <= LONGEST_ARGUMENT,
  );
  if (exact.length === 0) return;
  for (const program of PROGRAMS) if (program(exact)) return;
}

function setTimeRoughly(path: string | Buffer, modified: bigint): void {
  const accessed = fs.lstatSync(path).atimeMs / 1000;
  // Numbers below 0 are not taken, texts are.
  fs.lutimesSync(path, accessed, String(secondsOf(modified)));
}

/** Node hands times on as doubles, which are exact for whole seconds; the half keeps others in their microsecond. */
function secondsOf(time: bigint): number {
  if (time % SECOND === 0n) return Number(time / SECOND);
  const below = time % MICROSECOND < 0n ? 1n : 0n;
  return (Number(time / MICROSECOND - below) + 0.5) / 1e6;
}

/** utimensat(2) by its number; those of other machines are not known here. */
const NUMBERS: Readonly<Partial<Record<string, number>>> = { x64: 280, arm64: 88 };

/** The directory that paths begin in, leave the time of access (UTIME_OMIT), follow no link. */
const IN_PERL = `
  binmode STDIN; $/ = "\\0"; my $done = 0;
  while (defined(my $path = <STDIN>)) {
    my ($seconds, $rest) = (scalar <STDIN>, scalar <STDIN>);
    chomp($path, $seconds, $rest);
    my $times = pack('q4', 0, 0x3ffffffe, $seconds, $rest);
    $done++ if syscall(NUMBER, -100, $path, $times, 0x100) == 0;
  }
  exit !$done`;

const IN_PYTHON = `
import os, sys
words = sys.stdin.buffer.read().split(b"\\0")
for path, seconds, rest in zip(words[0::3], words[1::3], words[2::3]):
    try:
        accessed = os.stat(path, follow_symlinks=False).st_atime_ns
        os.utime(path, ns=(accessed, int(seconds) * 10**9 + int(rest)), follow_symlinks=False)
    except OSError:
        pass`;

/** Each tells whether there was no need for another one. */
const PROGRAMS: readonly ((files: readonly Timed[]) => boolean)[] = [
  (files) => {
    const number = platform() === 'linux' ? NUMBERS[arch()] : undefined;
    if (number === undefined) return false;
    return run('perl', ['-e', IN_PERL.replace('NUMBER', String(number))], files.map(seconds));
  },
  (files) => run('python3', ['-I', '-S', '-c', IN_PYTHON], files.map(seconds)),
  (files) => run('xargs', ['-0', '-n', '3', 'touch', '-c', '-m', '-h'], files.map(date)),
];

function run(program: string, words: readonly string[], input: readonly Uint8Array[]): boolean {
  const stdio: ['pipe', 'ignore', 'ignore'] = ['pipe', 'ignore', 'ignore'];
  return spawnSync(program, words, { input: Buffer.concat(input), stdio }).status === 0;
}

/** Below 1970 seconds are rounded down, as the system has them. */
function seconds([path, modified]: Timed): Uint8Array {
  const rest = ((modified % SECOND) + SECOND) % SECOND;
  return Buffer.concat([bytesOfName(path), Buffer.from(`\0${(modified - rest) / SECOND}\0${rest}\0`)]);
}

/** Times for which `touch` has no words stay as they are. */
function date([path, modified]: Timed): Uint8Array {
  const time = instantOf(modified);
  if (time.startsWith('@')) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from(`-d\0${time}\0`), bytesOfName(path), Buffer.from('\0')]);
}
