/** The words for plugins that a person may trust; one function a message. */

import type { Problem } from '../model/problem.ts';

function wrong(word: string, path: string | undefined, reason: string, hint?: string): Problem {
  const place = path === undefined ? {} : { place: { path } };
  return { code: `plugin/${word}`, severity: 'error', ...place, reason, ...(hint && { hint }) };
}

export const pluginMissing = (path: string): Problem =>
  wrong('missing', path, `there is nothing at '${path}'`);

export const noPlugin = (path: string): Problem =>
  wrong(
    'none',
    path,
    `'${path}' is no plugin`,
    `give a file that ends in '.js' or '.mjs', or a folder that holds 'plugin.js'`,
  );

export const inOwnFolder = (path: string): Problem =>
  wrong(
    'own-folder',
    path,
    `cannot take a plugin from '${path}': what is in '.dbk' comes from elsewhere`,
    'copy it to a place of your own and look at it',
  );

export const oddInPlugin = (plugin: string, path: string): Problem =>
  wrong('odd', plugin, `the plugin '${plugin}' holds '${path}', which is no file, folder or link`);

export const pluginTooLarge = (path: string): Problem =>
  wrong('too-large', path, `the plugin '${path}' holds more than 100,000 files`);

export const linkOutOfPlugin = (path: string): Problem =>
  wrong(
    'link-out',
    path,
    `the link '${path}' does not lead to something in the plugin's own folder`,
    'put a copy there; what stands elsewhere can change unseen',
  );

export const cannotLoad = (path: string, error: unknown): Problem => {
  // Of one file the address is its whole content.
  const words = (error instanceof Error ? error.message : String(error)).replace(/ from "data:[^"]*"/, '');
  const reason = `the plugin '${path}' does not load: ${words.split('\n')[0]!.slice(0, 300)}`;
  const isImport = /Cannot find (?:package|module)|Failed to resolve|Invalid relative|own folder/.test(words);
  const hint = isImport
    ? 'put all that it imports into one folder with it, and call it plugin.js there'
    : undefined;
  return wrong('does-not-load', path, reason, hint);
};

export const changedSinceTrusted = (path: string): Problem =>
  wrong('changed', path, `the bytes at '${path}' changed`);

export const anotherName = (name: string, path: string, now: string): Problem =>
  wrong('another-name', path, `the plugin at '${path}' is called '${now}', not '${name}'`);

export const builtInName = (name: string, path: string): Problem =>
  wrong(
    'built-in-name',
    path,
    `the plugin at '${path}' is called '${name}', as one that comes with dbk`,
    'give it another name; two types cannot be called alike',
  );

export const nameTaken = (name: string, path: string, other: string): Problem =>
  wrong(
    'name-taken',
    path,
    `the plugin at '${path}' is called '${name}', as the one you trust at '${other}'`,
    `first say: dbk plugin untrust ${name}`,
  );

/** Why a command that writes stops. */
export const trustedFails = (name: string, path: string, because: Problem): Problem =>
  wrong(
    'fails',
    path,
    `cannot use the plugin '${name}', which you trust: ${because.reason}`,
    `look at it and say 'dbk plugin trust ${quotedForShell(path)}', or 'dbk plugin untrust ${name}'`,
  );

export const topTaken = (name: string, top: string, other: string): Problem => ({
  ...wrong(
    'top-taken',
    undefined,
    `the plugins '${other}' and '${name}' both have the top folder '${top}'`,
    `name the folders in '.dbk/index/policy.yaml', as "${top}: ${name}"`,
  ),
  severity: 'warning',
});

export const notTrusted = (name: string): Problem =>
  wrong('not-trusted', undefined, `you trust no plugin called '${name}'`, 'see which with: dbk plugin list');

export const noPlaceForTrust = (): Problem =>
  wrong(
    'no-place',
    undefined,
    'there is no folder for your settings',
    'set HOME or XDG_CONFIG_HOME to an absolute path',
  );

export const openToOthers = (path: string, mode: number): Problem =>
  wrong(
    'open-to-others',
    path,
    `cannot rely on '${path}': others may write to it (mode ${mode.toString(8)})`,
    `look at what it says, then: chmod 600 ${quotedForShell(path)}`,
  );

export const ofAnotherUser = (path: string): Problem =>
  wrong(
    'of-another-user',
    path,
    `cannot rely on '${path}': it belongs to another user`,
    'look at what it says, then make a copy of your own',
  );

export const otherHash = (path: string, blake3: string): Problem =>
  wrong(
    'other-hash',
    path,
    `the plugin '${path}' has another hash: ${blake3}`,
    'look at it again before you trust it',
  );

export const consentNeeded = (path: string, blake3: string): Problem =>
  wrong(
    'consent-needed',
    path,
    `nobody has said that the plugin '${path}' is to be trusted`,
    `look at it, then: dbk plugin trust --hash ${blake3} ${quotedForShell(path)}`,
  );

export const badPluginName = (name: string): Problem =>
  wrong(
    'bad-name',
    undefined,
    `cannot call a plugin '${name}'`,
    `use small letters, digits and '-', at most 40, beginning with a letter`,
  );

export const folderInTheWay = (path: string): Problem =>
  wrong('in-the-way', path, `cannot make '${path}': it is there and not empty`, 'give another folder: DIR');

export const sampleMissing = (path: string): Problem =>
  wrong('no-sample', path, `there is no sample '${path}', or it is too large`);

function quotedForShell(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
