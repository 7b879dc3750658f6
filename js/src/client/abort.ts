/** One listener on a signal for all that wait for it: a signal that many requests share does not fill up with them. */

interface Watched {
  callbacks: Set<() => void>;
  listener: () => void;
}

const watched = new WeakMap<AbortSignal, Watched>();

/** Has `callback` called when `signal` is aborted, until {@link unwatch}. Each call needs a callback of its own. */
export function watch(signal: AbortSignal | undefined, callback: () => void): void {
  if (!signal) return;
  let entry = watched.get(signal);
  if (!entry) {
    const callbacks = new Set<() => void>();
    const listener = () => {
      // One that is called may take off others, which then must not be called.
      for (const one of [...callbacks]) if (callbacks.has(one)) one();
    };
    entry = { callbacks, listener };
    watched.set(signal, entry);
  }
  if (entry.callbacks.size === 0) signal.addEventListener('abort', entry.listener);
  entry.callbacks.add(callback);
}

/** Takes `callback` off again, and the listener with the last of them. */
export function unwatch(signal: AbortSignal | undefined, callback: () => void): void {
  const entry = signal && watched.get(signal);
  if (entry?.callbacks.delete(callback) && entry.callbacks.size === 0) {
    signal?.removeEventListener('abort', entry.listener);
  }
}
