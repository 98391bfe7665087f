const TONES = 12;

/** The tone of an avatar, from the id of its person or space, for `data-tone`. @param {number} id */
export const toneOf = (id) => String((id % TONES) + 1);

/** The tone of a role (0..11, or none) for `data-tone`. @param {number | null | undefined} tone */
export const toneOfRole = (tone) => (tone == null ? "none" : String(tone + 1));
