import { t } from "../../core/i18n.js";

export const emojiLabels = () => ({
  label: t("emoji.label"),
  search: t("emoji.search"),
  none: t("emoji.none"),
  groups: {
    recent: t("emoji.recent"),
    people: t("emoji.people"),
    nature: t("emoji.nature"),
    food: t("emoji.food"),
    activity: t("emoji.activity"),
    travel: t("emoji.travel"),
    objects: t("emoji.objects"),
    symbols: t("emoji.symbols"),
    flags: t("emoji.flags"),
  },
});
