/** Small volumes of other file systems, in image files, for tests that have to mount and unmount them. */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import type { TestContext } from 'node:test';

export type FileSystem = 'ext4' | 'exfat' | 'xfs' | 'tmpfs';

export interface Volume {
  /** Where it is mounted; an empty folder while it is not. */
  readonly folder: string;
  /** The bytes of the volume, for when it is not mounted. */
  readonly image: string;
  mount(): void;
  unmount(): void;
}

const MAKERS: Readonly<Record<FileSystem, readonly string[] | undefined>> = {
  ext4: ['mkfs.ext4', '-q', '-F'],
  exfat: ['mkfs.exfat'],
  xfs: ['mkfs.xfs', '-q', '-m', 'reflink=1'],
  tmpfs: undefined,
};
const SIZE = 16 * 1024 * 1024;
/** The smallest that mkfs.xfs makes; the file has holes. */
const SIZE_OF_XFS = 320 * 1024 * 1024;

/** A new volume, mounted at a folder; or why that cannot be had here, as a test skips: `needs mkfs.exfat`. */
export function volume(t: TestContext, kind: FileSystem, folder?: string): Volume | string {
  if (process.getuid?.() !== 0) return 'needs root';
  const maker = MAKERS[kind];
  if (maker !== undefined && isMissing(maker[0]!)) return `needs ${maker[0]}`;
  if (kind === 'exfat' && isMissing('mount.exfat-fuse')) return 'needs mount.exfat-fuse';
  const place = fs.mkdtempSync(join(tmpdir(), 'dbk-volume-'));
  const made = new Image(kind, join(place, 'image'), folder ?? join(place, 'mounted'));
  t.after(() => {
    made.discard();
    fs.rmSync(place, { recursive: true, force: true });
  });
  fs.mkdirSync(made.folder, { recursive: true });
  fs.writeFileSync(made.image, '');
  fs.truncateSync(made.image, kind === 'xfs' ? SIZE_OF_XFS : SIZE);
  if (maker !== undefined) run([...maker, made.image]);
  try {
    made.mount();
  } catch {
    return `needs a machine that can mount ${kind}`;
  }
  return made;
}

class Image implements Volume {
  readonly folder: string;
  readonly image: string;
  private readonly kind: FileSystem;
  private device: string | undefined;
  private isMounted = false;

  constructor(kind: FileSystem, image: string, folder: string) {
    this.kind = kind;
    this.image = image;
    this.folder = folder;
  }

  mount(): void {
    if (this.kind === 'tmpfs') run(['mount', '-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', this.folder]);
    else {
      // A device of its own each time: bytes of the image that a test changed are read anew.
      this.device = run(['losetup', '--find', '--show', this.image]).trim();
      run(
        this.kind === 'exfat'
          ? ['mount.exfat-fuse', this.device, this.folder]
          : ['mount', '-t', this.kind, this.device, this.folder],
      );
    }
    this.isMounted = true;
  }

  unmount(): void {
    run(['umount', this.folder]);
    this.isMounted = false;
    this.detach();
  }

  discard(): void {
    if (this.isMounted) spawnSync('umount', ['--lazy', this.folder]);
    this.detach();
  }

  private detach(): void {
    if (this.device !== undefined) spawnSync('losetup', ['--detach', this.device]);
    this.device = undefined;
  }
}

function isMissing(program: string): boolean {
  return spawnSync(program, ['--version']).error !== undefined;
}

function run([program, ...parameters]: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program!, parameters, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`${program} ${parameters.join(' ')}: ${stderr}`);
  return stdout;
}
