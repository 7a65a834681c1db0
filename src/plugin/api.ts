/**
 * The interface that type plugins are written against: what `dbk/plugin` exports.
 *
 * A type plugin is data first: where entities begin, which fields there are, how each merges. Only reading a
 * content is code. The data half is written to `.dbk/index/types/NAME.yaml`, so that a repository without the
 * plugin draws the same boundaries and merges in the same way.
 * Long because it is the one page that who writes a plugin reads.
 */

/** A value as a reader gives it: text, a number or a truth. */
export type Scalar = string | number | boolean;

/**
 * What one value looks like.
 *
 * `text` is plain Unicode without controls (`prose` may have line feeds and tabs); `integer` is between -(2^53 - 1)
 * and 2^53 - 1; `number` is finite; `date` is `1997`, `1997-05`, `1997-05-21`, or one of these days with a time,
 * `1997-05-21T20:15:00+01:00` (seconds, fraction and offset may be missing; `Z` is an offset); `person` is a text that
 * names somebody: a reader gives the name as the file has it, and dbk finds out who that is; `oneOf` is one of some
 * words.
 */
export type ValueType =
  'text' | 'integer' | 'number' | 'boolean' | 'date' | 'person' | { readonly oneOf: readonly string[] };

/**
 * How two edits of one field become one value.
 *
 *     one    a single value; two different edits are a conflict for a person
 *     set    unordered; additions and removals of single members both survive
 *     list   ordered; one side's edit wins unless both edited
 *     max    the greater of two edits (numbers and dates)
 *     min    the smaller of two edits (numbers and dates)
 *     sum    a counter (numbers); the increments of both sides are kept
 *     prose  several lines of text, merged line by line
 */
export type MergePolicy = 'one' | 'set' | 'list' | 'max' | 'min' | 'sum' | 'prose';

/** One field: what it is about, what its values look like, how it merges, and what it means. */
export interface FieldSpec {
  /** Whether it stands in the sidecar of each file, or in that of the entity. */
  readonly of: 'file' | 'entity';
  readonly type: ValueType;
  readonly merge: MergePolicy;
  /** One line for people, shown as a comment in a fresh sidecar; no full stop at its end. */
  readonly doc: string;
  /** The least value there is: a number for `integer` and `number`, a text for `date`, absent for all else. */
  readonly min?: number | string;
  /** The greatest value there is, as `min`. */
  readonly max?: number | string;
}

/**
 * The fields of a type by name.
 *
 * A name is lower-case ASCII letters, digits and '-', begins with a letter, and is not `extracted` or `conflict`,
 * which sidecars need themselves. One name is one field: of files or of the entity, not of both.
 */
export type FieldTable = Readonly<Record<string, FieldSpec>>;

type ValueOf<T extends ValueType> = T extends 'integer' | 'number'
  ? number
  : T extends 'boolean'
    ? boolean
    : T extends { readonly oneOf: readonly (infer O)[] }
      ? O
      : string;

type Many = 'set' | 'list';

/**
 * What a reader answers: values for some of the plugin's fields, those of files or those of the entity.
 *
 * A set or list is an array, of anything else one value. What is not known is left out: never `''`, `null`, NaN or
 * an empty array.
 */
export type FieldValues<F extends FieldTable, On extends 'file' | 'entity'> = {
  readonly [K in keyof F as F[K]['of'] extends On ? K : never]?: F[K]['merge'] extends Many
    ? readonly ValueOf<F[K]['type']>[]
    : ValueOf<F[K]['type']>;
};

/**
 * Where entities begin below a top folder; the top folder itself is never one.
 *
 * dbk walks from the top down; the first boundary of the list that matches wins, and below a place where an entity
 * begins nothing begins: an entity never contains another.
 *
 * `at` is a path below the top folder, by components: `{genre}/{artist}/{album}/`. With a final '/' it is a
 * directory, without one a file. A component is text with braces in it: `{title} ({year}).mkv`. Braces stand for
 * one character or more, as many as possible for the first of several; between two braces there is some text; text
 * is compared without regard to the case of ASCII letters. A name in braces (as a field's is) that is a field of
 * the entity is filled from the path; unless that field is of type `text`, only its valid values match.
 *
 * `marker` is the outermost directory that holds one of these names, be it a file, a folder or a link; names are
 * compared exactly.
 */
export type Boundary = { readonly at: string } | { readonly marker: readonly string[] };

/** The most bytes that one `read` gives; to ask for more is refused with an exception. */
export const LONGEST_READ = 16 * 1024 * 1024;

/** The most bytes that one answer of a reader may read altogether; media ids may read the whole file. */
export const MOST_READ = 256 * 1024 * 1024;

/** Random access to the bytes of one file. There is no handle in it: a reader cannot write. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /**
   * The bytes from an offset on: fewer than asked for only at the end of the file, none behind it.
   *
   * At most LONGEST_READ at once; offset and length are whole numbers, not negative. The array may be a view into a
   * larger buffer (mind `byteOffset`) and is the reader's to keep. An exception means that the disk failed: let it
   * pass.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** One file of an entity, or a loose one below the top folder. */
export interface FileView {
  /**
   * Relative to the entity, '/'-separated. Tell the format by it and nothing else: what is read goes with the
   * content, so a file that is renamed keeps its fields.
   */
  readonly path: string;
  readonly bytes: ByteSource;
  /**
   * A path on this machine where a library that needs one can read the same bytes.
   *
   * It is absolute, of printable ASCII without blanks, ends as the file's name does (`.flac`) and must not be
   * written to; it may be gone when the reader has answered. Use `bytes` where you can. An exception means that
   * there is none: let it pass.
   */
  localPath(): Promise<string>;
}

/** All files of one entity: those of a single-file entity are that file. */
export interface EntityFiles {
  /** Path relative to the entity, '/'-separated, to size in bytes; in the order of the bytes of the paths. */
  readonly files: ReadonlyMap<string, number>;
  /** The bytes of a file; undefined where there is none of this path, or where `files` of the reader does not match. */
  open(path: string): ByteSource | undefined;
}

/** Something worth a person's attention. Reporting it never stops anything. */
export interface Finding {
  /** Stable: the plugin's name, '/', and words: `music/bad-flac-header`. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  /** Lower case, no full stop, what is wrong first. */
  readonly reason: string;
  /** What to do about it; begins with a verb. */
  readonly hint?: string;
  /** Of which file, relative to the entity, where a reader looks at several. */
  readonly path?: string;
  /** Where in the file, in bytes. */
  readonly offset?: number;
}

/**
 * What a reader or media id throws where a program that it needs is not on this machine: the one exception that is an
 * answer. It says nothing of the file, which stays unread.
 *
 * The message is as a finding's reason, `hint` as its hint. Told by its `name`: a plugin that imports nothing throws
 * an Error of this name.
 */
export class ToolMissing extends Error {
  override readonly name = 'ToolMissing';
  readonly hint: string;

  constructor(reason: string, hint: string) {
    super(reason);
    this.hint = hint;
  }
}

/** How a reader tells of what it found. */
export type Report = (finding: Finding) => void;

/**
 * Reads the fields of one file from its bytes.
 *
 * The answer is a function of the bytes and of the plugin's version alone: no clock, no random, no network, no
 * other file, no memory of earlier files. Bytes are hostile: they may be empty, cut off, random, or another format
 * under this name. A reader then answers what it knows, `{}` if need be, and reports a finding; it does not throw.
 */
export interface Reader<F extends FieldTable = FieldTable> {
  /** Which files, see `FilePatterns`. */
  readonly files: FilePatterns;
  read(file: FileView, report: Report): Promise<FieldValues<F, 'file'>>;
}

/**
 * Reads fields of an entity from its files; what is said of a `Reader` holds.
 *
 * The answer is a function of the names and sizes of all files and the bytes of those that match. It is asked again
 * when one of these changes.
 */
export interface EntityReader<F extends FieldTable = FieldTable> {
  /** Which files may be opened, see `FilePatterns`. */
  readonly files: FilePatterns;
  read(entity: EntityFiles, report: Report): Promise<FieldValues<F, 'entity'>>;
}

/**
 * Which files of an entity, compared without regard to the case of ASCII letters.
 *
 * `*.flac` is a name in any directory, `/package.json` a path from the entity's folder, `/.git/` everything below
 * a directory of it. `*` is any characters of a name, also none; everything else is itself.
 */
export type FilePatterns = readonly string[];

/**
 * An identity above the level of bytes: equal bytes have equal ids, and so do other bytes of the same thing.
 *
 * `payload`: the same recording without regard to its tags. Such ids pair what moved. `work`: the same piece, maybe
 * in another encoding. Such ids only suggest.
 */
export interface MediaId {
  /** The key in a file's line, `flac-pcm-md5`; spelled as a field's name, and begins with the plugin's or a format's. */
  readonly name: string;
  readonly level: 'payload' | 'work';
  readonly files: FilePatterns;
  /** Printable ASCII without blanks, at most 200 characters; undefined where the file has none. Does not throw. */
  compute(file: FileView, report: Report): Promise<string | undefined>;
  /** For ids that are compared by nearness: from 0, unrelated, to 1, the same; symmetric. Absent: equal or not. */
  readonly similarity?: (a: string, b: string) => number;
}

/** The most bytes that a merger is asked about, for each version, and the most that it answers. */
export const LONGEST_MERGED = 16 * 1024 * 1024;

/** Three versions of one file. */
export interface Versions {
  /** What both sides began with; absent where its bytes are nowhere at hand. */
  readonly base?: ByteSource;
  readonly ours: ByteSource;
  readonly theirs: ByteSource;
}

/**
 * Makes one file of two that both changed, when a person asks for it: a playlist with what each side added.
 *
 * The answer is a function of the bytes alone, and bytes are hostile, as for a `Reader`. Where one side is as the
 * base is, or both are equal, it is the other, byte for byte. Never guess: what a person wrote on one side and would
 * miss is a reason to answer undefined, and a finding says why.
 */
export interface Merger {
  /** Which files, see `FilePatterns`. */
  readonly files: FilePatterns;
  /** The whole new content, at most LONGEST_MERGED; undefined where a person has to decide. Does not throw. */
  merge(versions: Versions, report: Report): Promise<Uint8Array | undefined>;
}

/** An entity as it stands, for `validate`. */
export interface EntityView<F extends FieldTable = FieldTable> {
  /** Relative to the top folder. */
  readonly path: string;
  /** Path relative to the entity to the fields of the file: what people wrote wins over what was read. */
  readonly files: ReadonlyMap<string, FieldValues<F, 'file'>>;
  readonly fields: FieldValues<F, 'entity'>;
}

/** A type plugin: the default export of its module. */
export interface TypePlugin<F extends FieldTable = FieldTable> {
  /** The version of this interface. */
  readonly api: 1;
  /** Spelled as a field's name, at most 40 characters: `music`. */
  readonly name: string;
  /** Counts from 1. Raise it when a declaration or a reader's answer changes: what was extracted is then read again. */
  readonly version: number;
  /** The top folder that has this type unless `policy.yaml` names others: `Music`. */
  readonly top: string;
  /** How two changed copies of one entity merge: file by file, or the whole of one and the whole of the other. */
  readonly merge: 'files' | 'whole';
  readonly boundaries: readonly Boundary[];
  readonly fields: F;
  /** Names that such files usually have, `*.flac`, by which `dbk collect` finds folders of them; no paths. */
  readonly usual?: FilePatterns;
  readonly readers?: readonly Reader<F>[];
  readonly entityReaders?: readonly EntityReader<F>[];
  readonly mediaIds?: readonly MediaId[];
  /** Asked by `dbk resolve --merge`, the first that takes a file, before the file is merged by its lines. */
  readonly mergers?: readonly Merger[];
  /** What is odd about an entity: a track that is missing, a date before the year. Does not throw. */
  readonly validate?: (entity: EntityView<F>) => Iterable<Finding>;
}

/** The plugin itself: calling it gives readers the types of the plugin's own fields. */
export function defineType<const F extends FieldTable>(plugin: TypePlugin<F>): TypePlugin<F> {
  return plugin;
}
