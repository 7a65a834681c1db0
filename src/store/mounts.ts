/** What is mounted where on this machine, and by what each volume is known (proc(5), mountinfo; udev's links). */

import { dirname, join, resolve } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { codeOf } from './errors.ts';

export interface Mount {
  /** Absolute; a folder. */
  readonly point: string;
  /** The name of the file system: `ext4`. */
  readonly type: string;
  /** Undefined where nobody knows: of what is no disk, and on systems that do not tell. */
  readonly volume: VolumeIdentity | undefined;
}

/** By what a volume is known wherever it is mounted. */
export interface VolumeIdentity {
  /** The UUID of its file system. */
  readonly id: string;
  /** What a person called it; '' where it has no name. */
  readonly label: string;
}

const MOUNTS = '/proc/self/mountinfo';
const BY_UUID = '/dev/disk/by-uuid';
const BY_LABEL = '/dev/disk/by-label';
const LONGEST = 1 << 20;
/** Of a line: number, parent, device, root, point, options, further fields, `-`, type, source. */
const LINE = /^\d+ \d+ \S+ \/\S* (\S+) \S+ (?:\S+ )*- (\S+) (\S+)/;

/** The newest last, as the system lists them; none where it does not tell. */
export function mountsOf(disk: Disk): readonly Mount[] {
  const text = quiet(() => disk.readFile(MOUNTS, LONGEST).toString('latin1')) ?? '';
  const [ids, labels] = [namesOf(disk, BY_UUID), namesOf(disk, BY_LABEL)];
  return text.split('\n').flatMap((line): readonly Mount[] => {
    const [, point, type, source] = LINE.exec(line) ?? [];
    if (point === undefined || type === undefined) return [];
    const device = quiet(() => disk.realpath(octal(source!))) ?? source!;
    const id = ids.get(device);
    const volume = id === undefined ? undefined : { id, label: labels.get(device) ?? '' };
    return [{ point: octal(point), type, volume }];
  });
}

/** The mount that a folder is on, given without symlinks; of several at one place the newest. */
export function mountOf(mounts: readonly Mount[], folder: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const isAbove = `${folder}/`.startsWith(mount.point === '/' ? '/' : `${mount.point}/`);
    if (isAbove && mount.point.length >= (found?.point.length ?? 0)) found = mount;
  }
  return found;
}

/** Device to the name of the link that leads to it. */
function namesOf(disk: Disk, folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of quiet(() => disk.readdir(folder)) ?? []) {
    const target = quiet(() => disk.readlink(join(folder, name)));
    if (target !== undefined) found.set(resolve(dirname(join(folder, name)), target), hexadecimal(name));
  }
  return found;
}

/** Bytes that the kernel writes as `\040`, given one a character. */
const octal = (bytes: string): string => decoded(bytes, /\\([0-7]{3})/g, 8);

/** Bytes that udev writes as `\x20` in the name of a link. */
const hexadecimal = (name: string): string =>
  decoded(Buffer.from(name).toString('latin1'), /\\x([0-9a-f]{2})/gi, 16);

function decoded(bytes: string, escaped: RegExp, base: number): string {
  const plain = bytes.replace(escaped, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, base)),
  );
  return Buffer.from(plain, 'latin1').toString();
}

/** undefined where it cannot be had. */
function quiet<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}
