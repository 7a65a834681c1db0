/** What a dbk that is called (receive.ts) is to do, as whoever called it says; what is read is checked. */

import { flagOf, mapOf, parsed, textOf } from './json-checks.ts';

/** What the merge is to be. */
export interface Order {
  readonly message: string;
  readonly unrelated: boolean;
  readonly dryRun: boolean;
}

export function textOfOrder(order: Order): string {
  return JSON.stringify(order);
}

/** Refuses ('remote') what is none. */
export function readOrder(text: string): Order {
  const order = mapOf(parsed(text));
  return {
    message: textOf(order['message']),
    unrelated: flagOf(order['unrelated']),
    dryRun: flagOf(order['dryRun']),
  };
}
