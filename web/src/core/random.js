/** A nonce for a message; `crypto.randomUUID` is absent on plain http. */
export function newNonce() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** @param {number} milliseconds @returns {number} between half of it and all of it, so that clients do not come back together */
export function jittered(milliseconds) {
  return milliseconds * (0.5 + Math.random() / 2);
}
