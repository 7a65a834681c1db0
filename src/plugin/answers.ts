/** What readers answer, as a sidecar has it: values of declared fields, and what is wrong with the others. */

import { compareBytes } from '../model/name.ts';
import type { FieldDeclaration, TypeDeclaration } from '../model/type-declaration.ts';
import type { Value } from '../model/value.ts';
import { wrongAnswer } from './field-values.ts';

/** Takes the answers of several readers about one thing; where two tell one field, the later one counts. */
export class Answers {
  private readonly of: 'file' | 'entity';
  private readonly declared: TypeDeclaration;
  private readonly tellWrong: (field: string, wrong: string) => void;
  private readonly values = new Map<string, Value>();

  /** `tellWrong` hears of each value that cannot be kept; `wrong` is the end of a sentence. */
  constructor(
    of: 'file' | 'entity',
    declared: TypeDeclaration,
    tellWrong: (field: string, wrong: string) => void,
  ) {
    this.of = of;
    this.declared = declared;
    this.tellWrong = tellWrong;
  }

  take(answer: object): void {
    for (const [name, value] of Object.entries(answer)) if (value !== undefined) this.takeField(name, value);
  }

  /** By the bytes of the names of the fields. */
  get fields(): ReadonlyMap<string, Value> {
    return new Map([...this.values].sort(([a], [b]) => compareBytes(a, b)));
  }

  private takeField(name: string, value: unknown): void {
    const field = this.declared.fields.get(name);
    const wrong = field?.of === this.of ? wrongAnswer(field, value) : `is no field of ${this.things}`;
    if (wrong === undefined) this.values.set(name, valueOf(field!, value));
    else this.tellWrong(name, wrong);
  }

  private get things(): string {
    return this.of === 'file' ? 'its files' : 'its entities';
  }
}

/** As a text of dbk has it: whole numbers from 0 on, and texts. */
function valueOf({ merge }: FieldDeclaration, answer: unknown): Value {
  if (!Array.isArray(answer)) return scalarOf(answer);
  const members = answer.map(scalarOf);
  return merge === 'set' ? members.sort((a, b) => compareBytes(String(a), String(b))) : members;
}

function scalarOf(answer: unknown): string | number {
  return typeof answer === 'number' && Number.isSafeInteger(answer) && answer >= 0 ? answer : String(answer);
}
