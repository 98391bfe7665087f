/** Give a text field the height of what is written in it; its style limits how far. @param {HTMLTextAreaElement} field */
export function grow(field) {
  field.style.blockSize = "auto";
  field.style.blockSize = `${field.scrollHeight}px`;
}

/** Enter that ends a text: not while composing characters, and on touch it breaks the line. @param {KeyboardEvent} event */
export function isSubmit(event) {
  return (
    event.key === "Enter" && !event.shiftKey && !event.isComposing && !matchMedia("(pointer: coarse)").matches
  );
}
