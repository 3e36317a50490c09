/** A cap this full is worth a warning. */
export const nearlyFull = 0.8;
