/** The half of a plugin that is written to `index/types/NAME.yaml`. */

import { compareBytes } from '../model/name.ts';
import type { Boundary, FieldDeclaration, TypeDeclaration } from '../model/type-declaration.ts';
import type { Scalar } from '../model/value.ts';
import type * as api from './api.ts';

/** The declaration of a plugin in which `problemsOfPlugin` found nothing; fields by the bytes of their names. */
export function declarationOf(plugin: api.TypePlugin): TypeDeclaration {
  const fields = Object.entries(plugin.fields).sort(([a], [b]) => compareBytes(a, b));
  return {
    version: plugin.version,
    top: plugin.top,
    merge: plugin.merge,
    boundaries: plugin.boundaries.map(boundary),
    fields: new Map(fields.map(([name, spec]) => [name, field(spec)])),
  };
}

function boundary(of: api.Boundary): Boundary {
  return 'at' in of ? { kind: 'at', at: of.at } : { kind: 'marker', marker: [...of.marker] };
}

function field({ of, type, merge, min, max, doc }: api.FieldSpec): FieldDeclaration {
  return {
    of,
    type: typeof type === 'object' ? [...type.oneOf] : type,
    merge,
    ...(min === undefined ? {} : { min: scalar(min) }),
    ...(max === undefined ? {} : { max: scalar(max) }),
    doc,
  };
}

/** A text of dbk has whole numbers from 0 on, and texts: 0.5 is the text '0.5', -90 the text '-90'. */
function scalar(bound: number | string): Scalar {
  return Number.isSafeInteger(bound) && (bound as number) >= 0 ? bound : String(bound);
}
