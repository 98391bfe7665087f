import { copyText } from "../../core/dom.js";
import { t } from "../../core/i18n.js";
import { toast } from "../../ui/index.js";

/** Copy an address of this client and say so; where copying is impossible, show it. @param {string} path */
export async function copyLink(path) {
  const link = new URL(path, location.origin).href;
  const isCopied = await copyText(link);
  toast({
    text: isCopied ? t("link.copied") : link,
    icon: isCopied ? "check" : "link",
    close: t("action.close"),
    seconds: isCopied ? undefined : 0,
  });
}
