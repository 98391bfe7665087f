import { html, render } from "lit-html";
import { language } from "./core/i18n.js";
import { createRouter } from "./core/router.js";
import { effect } from "./core/signals.js";
import { createApp } from "./state/app.js";
import { startTooltips } from "./ui/index.js";
import "./features/app/app.js";

const base = document.querySelector("meta[name=space-api]")?.getAttribute("content") ?? "";
const app = createApp({
  base,
  socketUrl:
    document.querySelector("meta[name=space-socket]")?.getAttribute("content") || base || location.origin,
  router: createRouter(window),
  reload: () => location.reload(),
});

effect(() => {
  document.documentElement.lang = language.value;
});
startTooltips();
render(
  html`<space-app .app=${app}></space-app>`,
  /** @type {HTMLElement} */ (document.querySelector(".app")),
);
app.start();
