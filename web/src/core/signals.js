import { computed, effect, signal, untracked } from "@preact/signals-core";

export { computed, effect, signal, untracked };

/** @template T @typedef {import("@preact/signals-core").Signal<T>} Signal */
/** @template T @typedef {import("@preact/signals-core").ReadonlySignal<T>} ReadonlySignal */

/**
 * Resolves when the signal has a value that will do.
 * @template T
 * @param {ReadonlySignal<T>} source @param {(value: T) => boolean} isMet
 * @returns {Promise<void>}
 */
export function until(source, isMet) {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!isMet(source.value)) return;
      resolve();
      queueMicrotask(() => stop()); // not yet assigned when it is met at once
    });
  });
}
