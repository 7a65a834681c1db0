/** What things are identified by: hashes and ids, each with the one spelling it has. */

/** BLAKE3 of a content or of a text: 64 lower-case hexadecimal digits. */
export type ContentId = string & { readonly __brand: 'ContentId' };

/** BLAKE3 of a `commit.yaml`: 64 lower-case hexadecimal digits. */
export type CommitId = string & { readonly __brand: 'CommitId' };

/** A function from bytes to their BLAKE3. Text is hashed as UTF-8. */
export type Digest = (bytes: Uint8Array | string) => ContentId;

const HEX64 = /^[0-9a-f]{64}$/;

export function isContentId(text: string): text is ContentId {
  return HEX64.test(text);
}

export function isCommitId(text: string): text is CommitId {
  return HEX64.test(text);
}

/** The digits of a commit's id that its directory's name ends in. */
export function shortId(id: CommitId): string {
  return id.slice(0, 16);
}
