// localStorage may be absent, full or forbidden; losing a preference is no reason to fail.

/**
 * @template T
 * @param {string} key @param {T} fallback
 * @returns {T}
 */
export function remembered(key, fallback) {
  try {
    const text = localStorage.getItem(key);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

/** Keep a JSON value; undefined forgets the key. @param {string} key @param {unknown} value */
export function remember(key, value) {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // the value lives on in memory
  }
}
