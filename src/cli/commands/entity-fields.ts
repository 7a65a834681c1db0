/** The fields of an entity, for people and programs. */

import type { EntityDetails } from '../../flow/entities-listed.ts';
import type { JsonMap } from '../json.ts';
import { shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import { jsonOfField, wordsOf } from './meta-get.ts';

type Fields = Pick<EntityDetails, 'fields' | 'extracted'>;

/** `fromEntries` defines keys where an assignment would follow `__proto__`. */
export function fieldsJson({ fields, extracted }: Fields): JsonMap {
  return {
    fields: Object.fromEntries(Array.from(fields, ([key, value]) => [key, jsonOfField(value)])),
    extracted: [...extracted],
  };
}

export function* fieldLines({ palette }: Work, { fields, extracted }: Fields): Generator<string> {
  for (const [key, value] of fields) {
    const mark = extracted.has(key) ? `  ${palette.quiet('(read)')}` : '';
    yield `  ${shownText(`${key}: ${wordsOf(value)}`)}${mark}`;
  }
}
