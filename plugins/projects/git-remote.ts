/** Where else a project is, as its git configuration says. */

import type { Variable } from './git-config.ts';
import { oneLine } from '../reading/text.ts';

/** The first address of `origin`, or of the first remote there is; without what only its owner may know. */
export function remoteOf(variables: readonly Variable[]): string | undefined {
  const addresses = variables.filter(({ section, key }) => section === 'remote' && key === 'url');
  const origin = addresses.find(({ subsection }) => subsection === 'origin') ?? addresses[0];
  return origin === undefined ? undefined : oneLine(withoutSecrets(origin.value));
}

/**
 * An address without a password, or, where a name can be a token (`https://ghp_…@host/`), without any name: it goes
 * into texts that are shared. The name in `ssh://git@host/` and `git@host:path` is part of the address.
 */
export function withoutSecrets(address: string): string {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*:\/\/)([^/?#]*)@(.*)$/s.exec(address);
  if (match === null) return address;
  const [, scheme = '', account = '', rest = ''] = match;
  const isSsh = /^(?:git\+)?ssh(?:\+git)?:/i.test(scheme);
  const name = isSsh ? account.split(':', 1)[0]! : '';
  return `${scheme}${name === '' ? '' : `${name}@`}${rest}`;
}
