/** What stands for an id where no text is, and where an empty one is (README.md, section 9). */

/** In the place of the id of a text that is not there. */
export const NO_TEXT = '0'.repeat(64);

/**
 * Git's own index lines of an empty text, below those with dbk's ids. GNU patch knows no other sign that a text
 * without hunks is empty, and asks before it deletes one, or takes back its creation, without them.
 */
export const NEW_EMPTY = 'index 0000000..e69de29';
export const DELETED_EMPTY = 'index e69de29..0000000';
