/** The words for what can be wrong with what a command is given. */

import type { Problem } from '../../model/problem.ts';
import { shownPath } from '../shown.ts';

function wrong(word: string, reason: string, hint?: string): Problem {
  return { code: `cli/${word}`, severity: 'error', reason, ...(hint === undefined ? {} : { hint }) };
}

function quoted(path: string): string {
  const shown = shownPath(path);
  return shown.startsWith(`'`) ? shown : `'${shown}'`;
}

export function noSuchFolder(path: string): Problem {
  return wrong('no-such-folder', `cannot work in ${quoted(path)}: there is no such folder`);
}

export function startingFolderGone(): Problem {
  return wrong(
    'no-such-folder',
    'cannot work here: this folder is gone',
    `go to one that is there, or give -C DIR`,
  );
}

export function outside(typed: string, root: string): Problem {
  return wrong('outside', `${quoted(typed)} is not in this repository, which is ${quoted(root)}`);
}

export function ownFolder(typed: string): Problem {
  return wrong(
    'own-folder',
    `${quoted(typed)} is in '.dbk', where dbk keeps its own files; it is never recorded`,
  );
}

export function emptyPath(): Problem {
  return wrong('empty-path', 'a path is empty', `write '.' for this folder`);
}

export function noPaths(command: string): Problem {
  const help = command.replace(/ --.*/, '');
  return wrong('missing-argument', `'dbk ${command}' was given no path`, `run 'dbk help ${help}'`);
}

export function nulWithoutList(): Problem {
  return wrong(
    'nul-without-list',
    `'-z' says how the paths in a list end, and there is no list`,
    `add --files-from FILE`,
  );
}

export function unreadableList(path: string, why: string): Problem {
  return wrong('unreadable-list', `cannot read the list ${quoted(path)}: ${why}`);
}

export function commitOrPath(typed: string): Problem {
  const hint = `write '--' before it if the path is meant, or './${typed}'; write it before '--' for the commit`;
  return wrong('commit-or-path', `${quoted(typed)} is both a commit and a path`, hint);
}

export function tooManyCommits(command: string, typed: string, most: 1 | 2): Problem {
  const words = most === 1 ? 'takes one commit' : 'compares two commits';
  return wrong('too-many-commits', `'dbk ${command}' ${words}, ${quoted(typed)} is one too many`);
}

/** A path that no commit and no file has. */
export function nowhere(path: string): Problem {
  return wrong(
    'nowhere',
    `${quoted(path)} is neither here nor recorded`,
    'see what is recorded with: dbk ls',
  );
}

export function noCommitOf(path: string): Problem {
  return wrong('no-commit-of', `no commit changed ${quoted(path)}`, 'see what is recorded with: dbk ls');
}

export function nothingWrittenOf(path: string): Problem {
  const hint = 'write something with: dbk edit';
  return wrong('nothing-written-of', `no commit has anything written about ${quoted(path)}`, hint);
}

/** Options of `restore` that are about files, given with --metadata, which is about none. */
export function notOfMetadata(option: string): Problem {
  return wrong(
    'not-of-metadata',
    `'--${option}' is about files, and --metadata restores none`,
    `leave out '--${option}'`,
  );
}

export function badThreads(value: string): Problem {
  return wrong('bad-threads', `DBK_THREADS is ${quoted(value)}; it can be 1 or 2`);
}

/** The operating system refused; `what` names the call and the path. */
export function system(what: string, why: string, hint?: string): Problem {
  return wrong('system', `cannot ${what}: ${why}`, hint);
}

export function unknownExport(what: string): Problem {
  return wrong('unknown-export', `'dbk export' writes index, b3sums or git, not ${quoted(what)}`);
}

export function exportNeeds(what: string): Problem {
  return wrong('missing-argument', `'dbk export index' needs ${what}`, `run 'dbk help export'`);
}

export function exportTakes(what: string, extra: string): Problem {
  const reason = `'dbk export' takes ${what}, ${quoted(extra)} is one too many`;
  return wrong('too-many-arguments', reason, `run 'dbk help export'`);
}

export function folderOnStdout(): Problem {
  return wrong('folder-on-stdout', 'a folder cannot be written to stdout', `write './-' if it is called so`);
}

export function optionElsewhere(option: string, what: string): Problem {
  return wrong('option-elsewhere', `'--${option}' goes with 'dbk export ${what}' alone`);
}

export function badRef(ref: string): Problem {
  return wrong('bad-ref', `${quoted(ref)} is no full name of a ref`, `write it as 'refs/heads/NAME'`);
}

export function streamIsNoJson(): Problem {
  return wrong('no-json', `what 'git fast-import' reads is no JSON`, 'leave --json out');
}

export function streamOnTerminal(): Problem {
  return wrong(
    'stream-on-terminal',
    'a terminal is no reader of this',
    `hand it to git: dbk export git | git -C DIR fast-import`,
  );
}

/** b3sum has no spelling for a name. */
export function noSumLine(path: string): Problem {
  const reason = `b3sum cannot check ${quoted(path)}: it takes UTF-8 names without U+FFFD alone`;
  return wrong('no-sum-line', reason);
}

export function openQuote(line: string): Problem {
  return wrong('open-quote', `a quote does not end in the tool ${quoted(line)}`);
}

export function toolMissing(tool: string): Problem {
  const hint = 'name one that is installed, with --tool or in DBK_DIFFTOOL';
  return wrong('tool-missing', `cannot start the tool ${quoted(tool)}`, hint);
}

export function toolFailed(tool: string, how: string): Problem {
  return wrong('tool-failed', `the tool ${quoted(tool)} ${how}`);
}

export function editorMissing(editor: string): Problem {
  return wrong('editor-missing', `cannot start the editor '${editor}'`, 'name another in EDITOR');
}

export function editorFailed(editor: string, how: string, kept: string | undefined): Problem {
  const hint = kept === undefined ? undefined : `find what was written in ${quoted(kept)}`;
  return wrong('editor-failed', `the editor '${editor}' ${how}`, hint);
}

export function editorCannotOpen(path: string): Problem {
  return wrong(
    'editor-cannot-open',
    `cannot name ${quoted(path)} to an editor: it is not UTF-8`,
    "use 'dbk meta'",
  );
}

export function notAField(typed: string): Problem {
  return wrong('not-a-field', `${quoted(typed)} gives no field a value`, `write it as FIELD=VALUE`);
}

export function noFields(command: string): Problem {
  return wrong('missing-argument', `'dbk ${command}' was given no field`, `run 'dbk help ${command}'`);
}

export function neitherTypeNorPath(typed: string): Problem {
  return wrong(
    'nowhere',
    `${quoted(typed)} is neither a type nor a path here`,
    'see what there is with: dbk entity list',
  );
}

/** `words` are options without their dashes. */
export function oneChoice(words: readonly string[]): Problem {
  const options = words.map((word) => `--${word}`).join(', ');
  return wrong(
    'one-choice',
    `'dbk resolve' needs one of ${options}`,
    'see what each side has with: dbk conflicts',
  );
}

export function noPathOrAll(): Problem {
  return wrong(
    'missing-argument',
    `'dbk resolve' needs paths, or --all`,
    'see what there is with: dbk conflicts',
  );
}

export function copiedOrMoved(): Problem {
  return wrong('copied-or-moved', 'a repository is a copy, or it moved', 'give one of --copied and --moved');
}

export function needsStdio(command: 'serve' | 'receive'): Problem {
  return wrong(
    `${command}-stdio`,
    `dbk ${command} speaks over standard input and output only`,
    `use: dbk ${command} --stdio PATH`,
  );
}
