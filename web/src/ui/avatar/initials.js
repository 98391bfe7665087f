const LETTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Two letters for a name: of its first two words, or the first two of its only one. @param {string} name */
export function initials(name) {
  const words = name.split(/[\s._-]+/u).filter(Boolean);
  const letters =
    words.length > 1 ? words.slice(0, 2).map((word) => graphemes(word)[0]) : graphemes(name.trim());
  const [first = "", second = ""] = letters;
  return first.toLocaleUpperCase() + (words.length > 1 ? second.toLocaleUpperCase() : second);
}

/** @param {string} text */
const graphemes = (text) => Array.from(LETTERS.segment(text), ({ segment }) => segment);
