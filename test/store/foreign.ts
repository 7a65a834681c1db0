/** Commits of another repository, made for tests: good ones, and ones that no dbk would write. */

import { digest } from '../../src/disk/blake3.ts';
import type { Commit } from '../../src/model/commit.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { CommitSource } from '../../src/store/incoming.ts';
import { writeCommit } from '../../src/text/commit.ts';
import { writeStanza } from '../../src/text/patch-write.ts';
import { differences, fieldsOf, type CommitOptions, type Texts } from './fixture.ts';

export interface Forged {
  readonly text: string;
  readonly patch: string;
}

/** The patch from some texts to others. */
export function patchOf(before: Texts, after: Texts, renames?: ReadonlyMap<string, string>): string {
  return differences(before, after, renames)
    .map((change) => writeStanza(change, digest))
    .join('');
}

/** A source in memory. */
export class Foreign implements CommitSource {
  readonly place = '/far';
  readonly commits = new Map<CommitId, Forged>();
  /** What was asked for, in order. */
  readonly asked: string[] = [];

  /** Puts a commit there under the id that it has, or under another one. */
  put(text: string, patch: string, id = digest(text) as string as CommitId): CommitId {
    this.commits.set(id, { text, patch });
    return id;
  }

  /** A commit with this patch, whatever it says. */
  forge(patch: string, after: Texts, fields: Partial<Commit> = {}): CommitId {
    return this.put(writeCommit({ ...fieldsOf(after), changes: digest(patch), ...fields }), patch);
  }

  /** A good one. */
  commit(before: Texts, after: Texts, options: CommitOptions = {}): CommitId {
    return this.forge(patchOf(before, after, options.renames), after, fieldsOf(after, options));
  }

  async readCommit(id: CommitId, limit: number): Promise<Uint8Array | undefined> {
    this.asked.push(id);
    const text = this.commits.get(id)?.text;
    if (text !== undefined && text.length > limit) throw new Error('longer than asked for');
    return text === undefined ? undefined : Buffer.from(text, 'latin1');
  }

  /** In pieces that share their memory. */
  async *readPatch(id: CommitId): AsyncGenerator<Uint8Array> {
    const bytes = Buffer.from(this.commits.get(id)!.patch);
    const shared = Buffer.alloc(100);
    for (let at = 0; at < bytes.length; at += shared.length) {
      const length = bytes.copy(shared, 0, at, at + shared.length);
      yield shared.subarray(0, length);
    }
  }
}
