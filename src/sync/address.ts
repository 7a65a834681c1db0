/** What an address `ssh://[user@]host[:port]/path` says, and the words with which the system's `ssh` is started for it. */

import { refuse } from '../model/problem.ts';

export interface Machine {
  readonly user?: string;
  /** As `ssh` takes it: a name, a number, or what the person's own configuration calls it. */
  readonly host: string;
  readonly port?: number;
}

export interface SshAddress extends Machine {
  /** As a person would type it. */
  readonly text: string;
  /** There: absolute, or relative to the folder where a session of that user starts. */
  readonly path: string;
}

/** What is started here and there. */
export interface SshPrograms {
  /** The program that is called as OpenSSH's `ssh` is. */
  readonly ssh: string;
  /** What the other machine calls dbk. */
  readonly remote: string;
}

/** What the dbk there is to do: answer questions, or ask them and take what is here. */
export type RemoteCommand = 'serve' | 'receive';

export const USUAL_PROGRAMS: SshPrograms = { ssh: 'ssh', remote: 'dbk' };

const SCHEME = 'ssh://';
// Configurations hand users and hosts on to a shell (`ProxyCommand`): there is no character in them that one knows.
const USER = /^[A-Za-z0-9_.+][A-Za-z0-9_.+@-]{0,127}$/;
const HOST = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,254}$/;
const NUMERIC_HOST = /^\[([0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9_.-]{1,32})?)\]$/;
const MACHINE = /^(?:(.*)@)?(\[[^\]]*\]|[^:[\]]*)(?::([0-9]{1,5}))?$/;
const HIGHEST_PORT = 65535;
// oxlint-disable-next-line no-control-regex -- they are what is refused
const CONTROL = /[\0-\x1f\x7f-\x9f]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const LONGEST_PATH = 4096;
/** What the shells of Unix take as it is, wherever it stands in a word. */
const PLAIN_WORD = /^(?:~\/)?[A-Za-z0-9_./+-]+$/;

export function isSshAddress(text: string): boolean {
  return text.startsWith(SCHEME);
}

/**
 * Reads an address; refuses ('usage') what is none, and all that `ssh` or a shell could take for something else.
 * As in git, `%20` is a blank, and `/~/` begins where a session of that user starts.
 */
export function parseSshAddress(text: string): SshAddress {
  const rest = text.slice(SCHEME.length);
  const slash = rest.indexOf('/');
  if (!isSshAddress(text) || slash === -1) wrong(text, 'it has no path');
  const machine = machineOf(rest.slice(0, slash)) ?? wrong(text, 'its user, host or port is none');
  const decoded = unescaped(rest.slice(slash)) ?? wrong(text, "a '%' in it is followed by no text");
  const path = decoded.startsWith('/~/') ? decoded.slice('/~/'.length) || '.' : decoded;
  if (path.startsWith('/~')) wrong(text, 'the home of another user has to be written out');
  if (path.startsWith('-')) wrong(text, "its path begins with '-'");
  if (CONTROL.test(path) || LONE_SURROGATE.test(path)) wrong(text, 'its path has what no line can have');
  if (path.length > LONGEST_PATH) wrong(text, 'its path is too long');
  return { text, ...machine, path };
}

/** The program and its arguments; `jumps` are the machines (`[user@]host[:port]`) on the way, the nearest first. */
export function wordsFor(
  address: SshAddress,
  { ssh, remote }: SshPrograms = USUAL_PROGRAMS,
  jumps: readonly string[] = [],
  command: RemoteCommand = 'serve',
): readonly string[] {
  for (const jump of jumps) if (machineOf(jump) === undefined) wrong(jump, 'no machine is called so');
  const { user, host, port, path } = address;
  const options = [
    // A terminal on the other side would change the bytes.
    '-T',
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(jumps.length === 0 ? [] : ['-J', jumps.join(',')]),
  ];
  const there = user === undefined ? host : `${user}@${host}`;
  return [
    programOf(ssh),
    ...options,
    '--',
    there,
    `${quoted(programOf(remote))} ${command} --stdio ${quoted(path)}`,
  ];
}

function machineOf(text: string): Machine | undefined {
  const [, user, name, port] = MACHINE.exec(text) ?? [];
  if (name === undefined) return undefined;
  const host = NUMERIC_HOST.exec(name)?.[1] ?? (HOST.test(name) ? name : undefined);
  const number = port === undefined ? undefined : Number(port);
  if (host === undefined || (user !== undefined && !USER.test(user))) return undefined;
  if (number !== undefined && (number === 0 || number > HIGHEST_PORT)) return undefined;
  return { host, ...(user !== undefined && { user }), ...(number !== undefined && { port: number }) };
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Refuses ('usage') what no program is called. */
function programOf(text: string): string {
  if (text !== '' && !text.startsWith('-') && !CONTROL.test(text)) return text;
  return refuse('usage', 'sync/bad-program', `no program is called '${text}'`, {
    hint: 'let DBK_SSH and DBK_REMOTE name one program each, without arguments',
  });
}

/** One word for the shell of the other machine, whichever it is: csh looks for '!' between quotation marks too. */
function quoted(text: string): string {
  if (PLAIN_WORD.test(text)) return text;
  return `'${text.replace(/['!]/g, (character) => `'\\${character}'`)}'`;
}

function wrong(text: string, why: string): never {
  return refuse('usage', 'sync/bad-address', `'${text}' is no address: ${why}`, {
    hint: 'write ssh://[USER@]HOST[:PORT]/PATH, or ssh://HOST/~/PATH',
  });
}
