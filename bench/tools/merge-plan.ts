/** What is merged: a large tree and a thousand changes on each side, most of them in different places. */

export const FILES_A_FOLDER = 100;
const FOLDERS_ABOVE = 100;
const CHANGES = 1_000;
const KINDS = 5;

/** One path that is another content after it, or gone. */
export interface Step {
  readonly path: string;
  readonly content: string | undefined;
}

export function folderPath(folder: number): string {
  return `folder-${folder % FOLDERS_ABOVE}/part-${Math.floor(folder / FOLDERS_ABOVE)}`;
}

export function fileAt(file: number): string {
  return `${folderPath(Math.floor(file / FILES_A_FOLDER))}/file-${file % FILES_A_FOLDER}`;
}

/** Each content is one of its own, as long as an id. */
export function contentOf(file: number, version = 0): string {
  return `${version}${file.toString(16)}`.padStart(64, '0');
}

/** Edits, removals, additions, moves and renames; ours renames a folder, and theirs puts something into it. */
export function stepsOf(side: 'ours' | 'theirs', files: number): readonly Step[] {
  const version = side === 'ours' ? 1 : 2;
  const apart = Math.floor(files / CHANGES);
  const steps: Step[] = [];
  for (let change = 1; change < CHANGES; change++) {
    // Folder 0 is the one that is renamed.
    const file = Math.min(files - 1, Math.max(FILES_A_FOLDER, change * apart + version));
    const path = fileAt(file);
    const kind = change % KINDS;
    if (kind === 0) steps.push({ path, content: contentOf(file, version) });
    else if (kind === 1) steps.push({ path, content: undefined });
    else if (kind === 2) steps.push({ path: `${path}-${side}`, content: contentOf(file, version) });
    else {
      const to = kind === 3 ? `new-${side}/${change}` : `${path}-renamed`;
      steps.push({ path, content: undefined }, { path: to, content: contentOf(file) });
    }
  }
  if (side === 'theirs')
    return [...steps, { path: `${folderPath(0)}/added`, content: contentOf(0, version) }];
  for (let file = 0; file < FILES_A_FOLDER; file++)
    steps.push(
      { path: fileAt(file), content: undefined },
      { path: `renamed/${file}`, content: contentOf(file) },
    );
  return steps;
}
