/** Protocols for those who carry out one exchange at a time. */

import { oneByOne } from "../../../src/protocol/dialogue.ts";
import type { Exchange, Protocol } from "../../../src/protocol/exchange.ts";

/** What a protocol yields, with the transfers of its dialogues in their place. */
export type SingleExchange = Exclude<Exchange, { readonly kind: "dialogue" }>;

/** A protocol with the transfers of its dialogues in their place. */
export function* withoutDialogues<Result>(
  protocol: Protocol<Result>,
): Generator<SingleExchange, Result, Uint8Array | undefined> {
  let step = protocol.next();
  while (step.done !== true) {
    let reply: Uint8Array | undefined;
    try {
      if (step.value.kind === "dialogue") yield* oneByOne(step.value);
      else reply = yield step.value;
    } catch (error) {
      step = protocol.throw(error);
      continue;
    }
    step = protocol.next(reply);
  }
  return step.value;
}
