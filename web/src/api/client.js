/** Every REST call the client makes, by what it does. @param {import("./http.js").Http} request */
export function createClient(request) {
  return {
    snapshot: () => request("GET", "/sync"),
    sessions: () => request("GET", "/auth/sessions"),
    endSession: (/** @type {number | string} */ id) => request("DELETE", `/auth/sessions/${id}`),

    card: (/** @type {number} */ id, /** @type {AbortSignal} */ signal) =>
      request("GET", `/spaces/${id}`, { signal }),
    createSpace: (
      /** @type {{name: string, description: string, visibility: string, first_chat: string}} */ space,
    ) => request("POST", "/spaces", { json: space }),
    updateSpace: (/** @type {number} */ id, /** @type {{name?: string, description?: string}} */ changes) =>
      request("PATCH", `/spaces/${id}`, { json: changes }),
    joinSpace: (/** @type {number} */ id) => request("POST", `/spaces/${id}/join`),
    leaveSpace: (/** @type {number} */ id) => request("POST", `/spaces/${id}/leave`),
    deleteSpace: (/** @type {number} */ id) => request("DELETE", `/spaces/${id}`),
    participants: (
      /** @type {number} */ id,
      /** @type {string | null} */ cursor,
      /** @type {AbortSignal} */ signal,
    ) => request("GET", `/spaces/${id}/participants`, { query: { cursor, limit: 100 }, signal }),

    createChat: (/** @type {number} */ spaceId, /** @type {{name: string, topic?: string}} */ chat) =>
      request("POST", `/spaces/${spaceId}/chats`, { json: chat }),
    updateChat: (/** @type {number} */ id, /** @type {{name?: string, topic?: string}} */ changes) =>
      request("PATCH", `/chats/${id}`, { json: changes }),
    deleteChat: (/** @type {number} */ id) => request("DELETE", `/chats/${id}`),

    page: (/** @type {number} */ chatId, /** @type {PageQuery} */ query = {}) =>
      request("GET", `/messages/${chatId}`, { query }),
    changes: (/** @type {number} */ chatId, /** @type {number} */ since) =>
      request("GET", `/messages/${chatId}/changes`, { query: { since, limit: 500 } }),
    versions: (/** @type {number} */ messageId, /** @type {AbortSignal} */ signal) =>
      request("GET", `/messages/${messageId}/history`, { signal }),
  };
}

/** @typedef {ReturnType<typeof createClient>} Client */
/** @typedef {{before?: number, after?: number, around?: number, limit?: number}} PageQuery */
