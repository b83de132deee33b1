import assert from "node:assert/strict";

/** More than any delay of a busy machine; what takes longer does not happen. */
const limitMs = 120_000;

/** Asks again until there is an answer. */
export async function eventually<Answer>(
  what: string,
  ask: () => Answer | undefined | Promise<Answer | undefined>,
): Promise<Answer> {
  const endMs = performance.now() + limitMs;
  while (true) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    assert.ok(performance.now() < endMs, `waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
