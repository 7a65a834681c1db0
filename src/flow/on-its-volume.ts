/** What the volume of a repository keeps of names and permission bits, and a disk by which nobody need know it. */

import { digest } from '../disk/blake3.ts';
import type { Disk } from '../disk/disk.ts';
import { withNames, withoutModes } from '../disk/rendered.ts';
import { FAITHFUL, takesAllNames, type Rendering } from '../model/rendering.ts';
import { readText } from '../store/files.ts';
import type { Layout } from '../store/layout.ts';
import { renderingOf } from '../store/rendering.ts';
import { readRepositoryFile } from '../store/repository-file.ts';
import { parseConfig } from '../text/config.ts';
import { TextError } from '../text/problems.ts';
import type { Renamed } from '../text/repository.ts';
import { VolumeNames } from '../text/volume-names.ts';

const LONGEST_CONFIG = 1 << 20;

export interface OnItsVolume {
  /** Where the volume keeps everything, the one that was given. */
  readonly disk: Disk;
  readonly rendering: Rendering;
  /** Undefined where everything has its own name. */
  readonly names: VolumeNames | undefined;
}

/** `disk` is one that knows nothing of the volume. Nothing is written where the repository is `onlyRead`. */
export function onItsVolume(
  disk: Disk,
  { root, layout, onlyRead }: { root: string; layout: Layout; onlyRead: boolean },
): OnItsVolume {
  const rendering = renderingOf(disk, layout, !onlyRead);
  const told = rendering === FAITHFUL ? [] : namesTold(disk, layout);
  const names =
    takesAllNames(rendering) && told.length === 0 ? undefined : new VolumeNames(rendering, digest, told);
  const kept = rendering.modes ? disk : withoutModes(disk);
  return {
    disk: names === undefined ? kept : withNames(kept, { root, home: layout.home }, names),
    rendering,
    names,
  };
}

/** What a repository says of the names that its volume had to change. */
function namesTold(disk: Disk, layout: Layout): readonly Renamed[] {
  const name = ownName(readText(disk, layout.config, LONGEST_CONFIG) ?? '');
  return name === undefined ? [] : (readRepositoryFile(disk, layout, name)?.as ?? []);
}

/** Of a config that a person wrote in their own way, the line is enough. */
function ownName(config: string): string | undefined {
  try {
    return parseConfig(config).name;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return /^name: *["']?([a-z0-9-]+)/m.exec(config)?.[1];
  }
}
