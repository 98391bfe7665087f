import { computed, signal } from "../core/signals.js";
import { applyEvent } from "./apply_event.js";
import { EMPTY } from "./model.js";

/**
 * @typedef {import("./model.js").Replica} Replica
 * @typedef {import("./model.js").LiveEvent} LiveEvent
 */

/** The replica in one signal. A selection changes only when the part it selects did, because states share what is equal. */
export function createStore() {
  const state = signal(EMPTY);
  /** @type {Set<LiveEvent[]>} */
  const recordings = new Set();

  /** @param {(state: Replica) => Replica} change a pure function: the reducer, a snapshot, a page */
  const update = (change) => {
    state.value = change(state.peek());
  };

  return {
    state,
    update,
    peek: () => state.peek(),
    /** @template T @param {(state: Replica) => T} choose */
    select: (choose) => computed(() => choose(state.value)),
    /** A list counts as the same while its items are. @template T @param {(state: Replica) => T[]} choose */
    selectList(choose) {
      /** @type {T[]} */
      let last = [];
      return computed(() => {
        const list = choose(state.value);
        if (list.length !== last.length || list.some((item, index) => item !== last[index])) last = list;
        return last;
      });
    },
    /** @param {string} name @param {any} data */
    apply(name, data) {
      const event = { name, data };
      for (const events of recordings) events.push(event);
      update((current) => applyEvent(current, event));
    },
    /**
     * Fetch something that is a little older than the events heard meanwhile, and put it in place together with them.
     * @template T
     * @param {() => Promise<T>} fetch
     * @param {(state: Replica, answer: T, events: LiveEvent[]) => Replica} place
     */
    async fetchInto(fetch, place) {
      /** @type {LiveEvent[]} */
      const events = [];
      recordings.add(events);
      try {
        const answer = await fetch();
        update((current) => place(current, answer, events));
        return answer;
      } finally {
        recordings.delete(events);
      }
    },
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */
