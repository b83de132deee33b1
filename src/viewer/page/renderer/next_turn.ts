/**
 * Resolves when the event loop has had its turn: a page can draw, and hear its user. A message and no timer, because
 * browsers slow timers down, to one in a second for a page in the background.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
