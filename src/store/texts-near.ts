/** Texts that need not be made of the whole history: those that were just looked at, and those that stand in `index/`. */

import type { ContentId } from '../model/id.ts';
import type { Commits } from './commits.ts';
import { decode } from './files.ts';
import { placesIn, type Places } from './index-places.ts';

/** In characters. */
const MOST = 1 << 26;

/** Each is given by its id: where it comes from need not be trusted. */
export class TextsNear {
  readonly #places: Places;
  readonly #index: string;
  /** The one that was used last is the last. */
  readonly #texts = new Map<ContentId, string>();
  #length = 0;

  constructor({ disk, layout }: Commits) {
    this.#places = placesIn(disk, layout.index);
    this.#index = layout.index;
  }

  /** A text that may stand at this path of `index/`; undefined where it is not near. */
  get(path: string, id: ContentId): string | undefined {
    const known = this.#texts.get(id);
    if (known !== undefined) {
      this.#texts.delete(id);
      this.#texts.set(id, known);
      return known;
    }
    const found = this.#places.look(path);
    return found.kind === 'text' && found.id === id ? decode(found.bytes, this.#index) : undefined;
  }

  /** Nothing is forgotten meanwhile: what was near stays so until `forgetOld`. */
  learn(id: ContentId, text: string): void {
    if (this.#texts.has(id) || this.#length + text.length > 2 * MOST) return;
    this.#texts.set(id, text);
    this.#length += text.length;
  }

  forgetOld(): void {
    for (const [id, text] of this.#texts) {
      if (this.#length <= MOST) return;
      this.#texts.delete(id);
      this.#length -= text.length;
    }
  }
}
