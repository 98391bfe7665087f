/** Copy text; plain http has no clipboard API, there a selection is copied. @param {string} text @returns {Promise<boolean>} */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

/** @param {string} text */
function copySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "sr";
  field.readOnly = true;
  const focused = document.activeElement;
  // Inside an open modal dialog everything else is inert and could not be selected.
  (document.querySelector("dialog:modal") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}

/** @param {EventTarget | null} target */
export function isEditable(target) {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

/** A page that is shown and in front: what arrives is seen. */
export function isAttended() {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** @param {string} text */
export function codePoints(text) {
  return [...text].length;
}
