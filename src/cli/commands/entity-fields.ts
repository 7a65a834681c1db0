/** The fields of an entity, for people and programs. */

import type { EntityDetails } from '../../flow/entities-listed.ts';
import type { JsonMap } from '../json.ts';
import { shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import { jsonOfField, wordsOf } from './meta-get.ts';

type Fields = Pick<EntityDetails, 'fields' | 'extracted' | 'inPath'>;

/** `fromEntries` defines keys where an assignment would follow `__proto__`. */
export function fieldsJson({ fields, extracted, inPath }: Fields): JsonMap {
  return {
    fields: Object.fromEntries(Array.from(fields, ([key, value]) => [key, jsonOfField(value)])),
    extracted: [...extracted],
    inPath: [...inPath],
  };
}

export function* fieldLines({ palette }: Work, { fields, extracted, inPath }: Fields): Generator<string> {
  for (const [key, value] of fields) {
    const how = extracted.has(key) ? '(read)' : inPath.has(key) ? '(in the path)' : '';
    const mark = how === '' ? '' : `  ${palette.quiet(how)}`;
    yield `  ${shownText(`${key}: ${wordsOf(value)}`)}${mark}`;
  }
}
