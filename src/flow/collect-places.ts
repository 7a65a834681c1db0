/** What no collection of a person's is in: folders that programs fill and can fill again, and what is no disk. */

import type { Context } from './context.ts';

/** As lines of .gitignore, relative to the folder that is looked through. A person's own come after them. */
export const LEFT_OUT = `
node_modules/
bower_components/
jspm_packages/
__pycache__/
.venv/
venv/
.tox/
.gradle/
.m2/
.npm/
.cargo/
.rustup/
.nuget/
.cache/
.ccache/
.dbk/
.Trash/
.Trash-*/
Trash/
$RECYCLE.BIN/
System Volume Information/
lost+found/
.snapshots/
.zfs/
Library/Caches/
Library/Containers/
Library/Developer/
AppData/
/snap/
/.var/
/.local/
/.config/
/go/pkg/
`;

/** What statfs calls file systems without files of anybody's (linux/magic.h). */
const VIRTUAL: ReadonlySet<bigint> = new Set([
  ...[0x9fa0n, 0x62656572n, 0x1cd1n, 0x63677270n, 0x27e0ebn, 0x64626720n, 0x74726163n, 0x73636673n],
  ...[0x65735543n, 0xcafe4a11n, 0x62656570n, 0x42494e4dn, 0x19800202n, 0x6165676cn, 0x958458f6n, 0x6e736673n],
]);

/** Whether a folder is on a file system that is no disk: `/proc`, `/sys`. */
export function isVirtual(disk: Context['disk'], folder: string): boolean {
  try {
    return VIRTUAL.has(disk.statfs(folder).type);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return true;
  }
}
