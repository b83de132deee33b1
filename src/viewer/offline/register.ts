/// <reference lib="dom" />
/** Lets the static site work without a network after its first visit. `view`'s page has none: its address is new each time. */

const worker = new URL("../../service_worker.js", import.meta.url);

// A page without HTTPS has no service workers, and works as it is.
navigator.serviceWorker?.register(worker, { updateViaCache: "none" }).catch((error) => {
  console.info(`This page will need a network: ${error}`);
});
