/** The time span of the caps that count the calls of the last minute. */
export const minuteMs = 60_000;
