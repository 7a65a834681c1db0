/** Which files are movies by themselves: a cover beside them is none. */

export const SUFFIXES: readonly string[] = ['avi', 'm4v', 'mkv', 'mov', 'mp4', 'mpg', 'ts', 'webm', 'wmv'];

/** The name of a file without folders and suffix; undefined where it is no movie by its name. */
export function stemOfMovie(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 && SUFFIXES.includes(name.slice(dot + 1).toLowerCase()) ? name.slice(0, dot) : undefined;
}
