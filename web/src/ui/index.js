// The dumb elements: properties in, events and promises out, no truth inside. Texts come in; nothing here translates.
export { CHOICES, chooseAppearance, followAppearance, readAppearance } from "./appearance.js";
export { avatar } from "./avatar/avatar.js";
export { toneOf, toneOfRole } from "./avatar/tone.js";
export { confirm, openDialog } from "./dialog/dialog.js";
export { openEmojiPicker, recentEmoji, rememberEmoji } from "./emoji/emoji.js";
export { coverArt, empty } from "./empty/empty.js";
export { field } from "./field/field.js";
export { openPopover } from "./floating/popover.js";
export { icon, mark } from "./icon/icon.js";
export { openMenu } from "./menu/menu.js";
export { segments } from "./segments/segments.js";
export { messageSkeletons, rowSkeletons } from "./skeleton/skeleton.js";
export { toast } from "./toast/toast.js";
export { startTooltips } from "./tooltip/tooltip.js";
