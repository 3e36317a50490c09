/** What the bench's provider answers: one small JSON, a few events, or as many as make this many bytes. */
export type BenchModel = 'short' | 'stream' | 'large';

export const streamedBytes = 8 * 1024 * 1024;
