/** What `.dbk/README.txt` tells whoever finds it, with or without dbk. */

export const README = `This folder belongs to dbk. It holds no copies of your files: it says which files
there are in the folder it stands in, what was in them, and how that changed.
Everything in it is plain text.

What is here

  format         one line, the version of the format
  config.yaml    the settings of this repository: its name, its id, your name
  head           one line, the id of the newest commit here
  index/         the state that dbk knows, one text for each folder
    tree/          the same folders as yours; in each a manifest.yaml with the
                   files that are there, their hashes (BLAKE3), sizes and times;
                   $FILE.metadata is what you and dbk wrote about FILE,
                   $.metadata about the folder itself
    types/         the kinds of things: music, pictures, ...
    people/        persons, one text for each
    policy.yaml    which folder has which type, how many copies you want
    ignore         what is not to be recorded
    ignore.d/      the texts of your .dbkignore files
    conflicts/     what two repositories disagree about
  commits/       every commit: a folder with commit.yaml (who, when, why) and
                 changes.patch (what changed in index/)
  repositories/  what each repository last said of itself
  guard/         what was removed or replaced and can still be had back
  operations/    what each command did
  local/         working files of this machine

What you may edit

  index/policy.yaml, index/ignore, everything in index/people/, every
  *.metadata and every conflict: with any text editor; the next commit records
  it. config.yaml too. A manifest.yaml and the texts in types/ follow your files:
  what you change there is saved in local/edited/ and undone. Leave the rest as
  it is. Of local/ everything but journal and here can be deleted.

How to check it without dbk (in this folder, with the tool b3sum)

  A commit's id is what

    b3sum commits/*/*/commit.yaml

  prints; the name of its folder ends in the first 16 digits. In commit.yaml,
  changes: is the hash of changes.patch, and parents: are the commits before it.
  index: is what

    (cd index && find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 -r b3sum) | b3sum

  prints while head is that commit and nothing in index/ was edited since. Each
  line of a manifest has the hash of a file: b3sum prints it again.

How to get index/ back without dbk (in this folder, with git)

    id=$(cat head)
    chain=
    while [ -n "$id" ]; do
      commit=$(echo commits/*/*-"$(echo "$id" | cut -c 1-16)")
      chain="$commit $chain"
      id=$(sed -n '/^parents:$/{n;s/[^0-9a-f]//g;p;}' "$commit/commit.yaml")
    done
    home=$PWD
    mkdir rebuilt
    export GIT_CEILING_DIRECTORIES="$home"
    for commit in $chain; do
      [ ! -s "$commit/changes.patch" ] || (cd rebuilt && git apply "$home/$commit/changes.patch") || break
    done
    unset GIT_CEILING_DIRECTORIES

  makes a folder 'rebuilt' that equals index/. Start from another id to get an
  older state. (GIT_CEILING_DIRECTORIES is for the case that this folder is
  inside a git repository, where git apply would do nothing and not say so.)
`;

/** `index/ignore` as it begins: nothing is ignored. */
export const IGNORE = `# What is not to be recorded, in the syntax of .gitignore. Paths are relative to
# the folder that holds .dbk. A file .dbkignore in any folder does the same there.
# What is recorded already stays so: 'dbk forget PATH' takes it out.
#
# Examples, without the sign:
#   *.tmp
#   node_modules/
#   /Downloads/
#   !important.tmp
`;
