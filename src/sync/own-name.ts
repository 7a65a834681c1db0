/** Which paths some file system would lead into `.dbk`. Pure. */

import { componentsOf, OWN_FOLDER, type RepositoryPath } from '../model/path.ts';
import { fold } from '../text/fold.ts';

/** Whether some file system would take one of a path's names for `.dbk`. */
export function isOwnName(path: RepositoryPath): boolean {
  return componentsOf(path).some((name) => {
    const plain = name
      .replace(/:.*$/su, '')
      .normalize('NFKC')
      .replace(/[. ]+$/u, '');
    return fold(plain) === OWN_FOLDER || /^dbk~[0-9]+$/iu.test(plain);
  });
}
