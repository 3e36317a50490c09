/** A cap that is this full deserves a warning. */
export const nearlyFull = 0.8;
