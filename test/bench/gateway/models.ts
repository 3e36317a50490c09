/**
 * What the bench's provider answers: one small JSON, a few events, as many as make this many bytes, or a few after
 * which it only waits.
 */
export type BenchModel = 'short' | 'stream' | 'large' | 'open';

export const streamedBytes = 8 * 1024 * 1024;
