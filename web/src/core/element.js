import { nothing, render } from "lit-html";
import { effect, signal, untracked } from "./signals.js";

/**
 * What an element may hold while it is connected; all of it ends in `disconnectedCallback`.
 * @typedef {object} Life
 * @property {AbortSignal} signal aborts when the element leaves the document
 * @property {(run: () => void | (() => void)) => void} effect runs now and whenever a signal it read changes
 * @property {(target: EventTarget, name: string, listener: (event: any) => void, options?: AddEventListenerOptions) => void} on
 * @property {(delay: number, run: () => void) => (() => void)} after one timer; returns how to cancel it
 * @property {(end: () => void) => void} ends what else to do at the end
 */

/**
 * Register a light-DOM element. Its properties are signals underneath: a parent assigns them, `setup` reads them from the
 * host. `setup` runs at every connection; the function it returns renders, and runs again when a signal it read changes.
 * @template {Record<string, any>} P
 * @param {string} name
 * @param {P} defaults every property with its initial value
 * @param {(host: HTMLElement & P, life: Life) => (() => unknown)} setup
 */
export function define(name, defaults, setup) {
  class SpaceElement extends HTMLElement {
    #end = new AbortController();

    connectedCallback() {
      this.#end = new AbortController();
      const life = lifeUntil(this.#end.signal);
      // A parent renders inside an effect: what the child reads must not become the parent's dependency.
      untracked(() => {
        const view = setup(/** @type {any} */ (this), life);
        life.effect(() => void render(view() ?? nothing, this));
      });
    }

    disconnectedCallback() {
      this.#end.abort();
    }
  }
  for (const [property, initial] of Object.entries(defaults)) {
    Object.defineProperty(SpaceElement.prototype, property, accessor(initial));
  }
  customElements.define(name, SpaceElement);
}

/** @param {unknown} initial @returns {PropertyDescriptor} */
function accessor(initial) {
  /** @type {WeakMap<object, import("./signals.js").Signal<unknown>>} */
  const values = new WeakMap();
  /** @param {object} host */
  const of = (host) => {
    const known = values.get(host) ?? signal(initial);
    values.set(host, known);
    return known;
  };
  return {
    get() {
      return of(this).value;
    },
    set(value) {
      of(this).value = value;
    },
  };
}

/** @param {AbortSignal} ended @returns {Life} */
function lifeUntil(ended) {
  /** @param {() => void} end */
  const ends = (end) => ended.addEventListener("abort", end, { once: true });
  return {
    signal: ended,
    ends,
    effect: (run) => ends(effect(run)),
    on: (target, name, listener, options) =>
      target.addEventListener(name, listener, { ...options, signal: ended }),
    after(delay, run) {
      const cancel = () => {
        clearTimeout(timer);
        ended.removeEventListener("abort", cancel);
      };
      const timer = setTimeout(() => {
        cancel();
        run();
      }, delay);
      ends(cancel);
      return cancel;
    },
  };
}
