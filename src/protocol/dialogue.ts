/** Requests and their replies: one after the other, or some requests ahead of the replies. */

import { NeuromorphicError } from "../errors.ts";
import type { AsyncBus } from "./bus.ts";
import type { Dialogue, Request, Transfer } from "./exchange.ts";
import { failureOf, markAhead, protocolError } from "./failures.ts";
import { type TimeLimit, transfer } from "./transfer.ts";

/** The transfers of a dialogue, one after the other. */
export function* oneByOne(dialogue: Dialogue): Generator<Transfer, void, Uint8Array | undefined> {
  for (const request of dialogue.requests) {
    const { send, receive } = transfersOf(request, dialogue);
    let reply: Uint8Array | undefined;
    try {
      yield send;
      reply = yield receive;
    } catch (error) {
      throw named(request, error);
    }
    heed(request, reply, dialogue);
  }
}

/**
 * Carries a dialogue out over a bus that queues transfers: `ahead` requests are on their way before the first reply has
 * come. Where one fails, no more are sent, and those on their way are waited for.
 */
export async function askAhead(
  dialogue: Dialogue,
  bus: AsyncBus,
  { ahead, limit, signal }: {
    readonly ahead: number;
    readonly limit: TimeLimit;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const begin = async (each: Transfer) => await transfer(bus, each, limit);
  const ask = async (request: Request) => {
    const { send, receive } = transfersOf(request, dialogue);
    // Both end, also where one fails: a reply that comes later would be taken for another request's.
    const [sent, received] = await Promise.allSettled([begin(send), begin(receive)]);
    for (const each of [sent, received]) if (each.status === "rejected") throw named(request, each.reason);
    heed(request, received.status === "fulfilled" ? received.value ?? undefined : undefined, dialogue);
  };
  const isAhead = Math.min(ahead, dialogue.requests.length) > 1;
  const failures: unknown[] = [];
  const waiting: Promise<unknown>[] = [];
  for (const request of dialogue.requests) {
    if (failures.length > 0 || signal?.aborted) break;
    waiting.push(ask(request).catch((error) => failures.push(isAhead ? markAhead(error) : error)));
    if (waiting.length >= ahead) await waiting.shift();
  }
  await Promise.all(waiting);
  if (failures.length > 0) throw failures[0];
}

/** What goes over the bus for a request. */
function transfersOf(
  { bytes }: Request,
  { outEndpoint, inEndpoint, replyLength: length, timeoutMs }: Dialogue,
): { readonly send: Transfer; readonly receive: Transfer } {
  return {
    send: { kind: "bulk-out", endpoint: outEndpoint, bytes, timeoutMs },
    receive: { kind: "bulk-in", endpoint: inEndpoint, length, timeoutMs },
  };
}

function heed({ operation, heed }: Request, reply: Uint8Array | undefined, { timeoutMs }: Dialogue): void {
  if (reply === undefined) throw protocolError("io", operation, `no reply within ${timeoutMs} ms`);
  heed(reply);
}

/** A bus knows the transfer that failed, but not what it was for. */
function named({ operation }: Request, error: unknown): unknown {
  return error instanceof NeuromorphicError ? failureOf(operation, error) : error;
}
