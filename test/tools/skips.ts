/** Which tests were skipped, and why: a reporter for Node's runner that writes one JSON object a line. */

import type { TestEvent } from 'node:test/reporters';

export interface Skip {
  readonly file: string;
  readonly name: string;
  /** Empty where the test gave none. */
  readonly reason: string;
}

/** Node's runner takes a reporter from the default export only. */
export default async function* skips(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { skip, name, file } = event.data;
    if (skip === undefined || skip === false) continue;
    const found: Skip = { file: file ?? '', name, reason: typeof skip === 'string' ? skip : '' };
    yield `${JSON.stringify(found)}\n`;
  }
}
