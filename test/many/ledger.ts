/** The model of the simulation, which is a map: every content that a person ever wrote, and whether somebody did away with it. */

import * as fs from 'node:fs';
import { join } from 'node:path/posix';

/** Contents are told apart by what is in them: no two writings are equal. */
export class Ledger {
  /** Whether nobody has replaced or deleted it anywhere. */
  private readonly written = new Map<string, boolean>();
  private readonly committed = new Set<string>();

  /** A content that is nowhere else. */
  write(): string {
    const content = `content ${this.written.size}\n`;
    this.written.set(content, true);
    return content;
  }

  /** A person replaced or deleted a file with it: what follows from that is meant. */
  giveUp(contents: Iterable<string>): void {
    for (const content of contents) if (this.written.has(content)) this.written.set(content, false);
  }

  /** Whatever stands in a folder of which all was recorded. */
  commit(contents: Iterable<string>): void {
    for (const content of contents) this.committed.add(content);
  }

  /** What is wrong with what all folders hold together. */
  faults(folders: readonly string[]): string[] {
    const standing = new Set(folders.flatMap((folder) => [...standingIn(folder).values()]));
    const kept = new Set(folders.flatMap(guardedIn));
    const faults: string[] = [];
    for (const [content, isMeant] of this.written)
      if (isMeant && !standing.has(content))
        faults.push(`nobody did away with '${content.trim()}', and it is gone`);
    for (const content of this.committed)
      if (!standing.has(content) && !kept.has(content))
        faults.push(`'${content.trim()}' was recorded, and is in no folder and no guard`);
    return faults;
  }
}

/** The files of a person, by path, with what is in them. */
export function standingIn(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  const read = (path: string): void => {
    for (const entry of fs.readdirSync(join(folder, path), { withFileTypes: true })) {
      const below = join(path, entry.name);
      if (below === '.dbk') continue;
      if (entry.isDirectory()) read(below);
      else files.set(below, fs.readFileSync(join(folder, below), 'utf8'));
    }
  };
  read('');
  return files;
}

function guardedIn(folder: string): string[] {
  const guard = join(folder, '.dbk/guard');
  if (!fs.existsSync(guard)) return [];
  const entries = fs.readdirSync(guard, { withFileTypes: true, recursive: true });
  return entries.flatMap((entry) =>
    entry.isFile() ? [fs.readFileSync(join(entry.path, entry.name), 'utf8')] : [],
  );
}
