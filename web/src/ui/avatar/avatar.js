import { html, nothing } from "lit-html";
import { initials } from "./initials.js";
import { toneOf } from "./tone.js";

/**
 * @typedef {object} Status
 * @property {"online" | "away" | "dnd" | "offline"} kind
 * @property {string} label read aloud
 */

/**
 * A face: the picture, or until it is there (or when there is none) initials on the tone of the id.
 * Silent but for its status, because the name stands beside it.
 * @param {object} props
 * @param {number} props.id
 * @param {string} props.name
 * @param {string | null} [props.url]
 * @param {"xs" | "s" | "m" | "l" | "xl"} [props.size] 20, 24, 32, 40, 76 px; without it 36, or what surrounds it says
 * @param {"person" | "space"} [props.shape]
 * @param {Status} [props.status]
 */
export function avatar({ id, name, url = null, size, shape = "person", status }) {
  const classes = ["avatar", size && `avatar--${size}`, shape === "space" && "avatar--space"];
  return html`<span class=${classes.filter(Boolean).join(" ")} data-tone=${toneOf(id)}
    ><span class="avatar__face" aria-hidden="true"
      >${initials(name)}${
        url
          ? html`<img
              class="avatar__picture"
              src=${url}
              alt=""
              loading="lazy"
              decoding="async"
              draggable="false"
            />`
          : nothing
      }</span
    >${status ? html`<span class="status status--${status.kind}"><span class="sr">${status.label}</span></span>` : nothing}</span
  >`;
}
