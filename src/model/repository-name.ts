/** What a repository may be called; the name stands in names of files. */

export const REPOSITORY_NAME = /^[a-z0-9][a-z0-9-]{0,40}$/;
const RECORD = '.yaml';

export function isRepositoryName(text: string): boolean {
  return REPOSITORY_NAME.test(text);
}

/** The repository that a file in `repositories/` is about; undefined where it is about none. */
export function repositoryOfRecord(file: string): string | undefined {
  const name = file.slice(0, -RECORD.length);
  return file.endsWith(RECORD) && isRepositoryName(name) ? name : undefined;
}
