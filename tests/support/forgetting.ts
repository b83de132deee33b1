/**
 * Runs, and returns what was taken out of any `FinalizationRegistry` meanwhile: the objects that the garbage collector
 * was to tell of, and of which it no longer does.
 */
export function takenFromRegistries(run: () => void): readonly WeakKey[] {
  const { prototype } = FinalizationRegistry;
  const { unregister } = prototype;
  const taken: WeakKey[] = [];
  prototype.unregister = function (token) {
    const was = unregister.call(this, token);
    if (was) taken.push(token);
    return was;
  };
  try {
    run();
  } finally {
    prototype.unregister = unregister;
  }
  return taken;
}
