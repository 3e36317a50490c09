/**
 * Every bound on what comes from outside, with its unit and the reason for its size. Nothing that a client, a
 * provider or a file sends can take more memory or time than a bound here allows. Each file of `limits/` has the
 * bounds of one kind. Code imports them from here, but what is loaded at activation imports the file of its kind, so that
 * the other bounds are loaded later.
 */
export * from './limits/answer-limits.ts';
export * from './limits/editor-limits.ts';
export * from './limits/file-limits.ts';
export * from './limits/gateway-limits.ts';
export * from './limits/json-limits.ts';
export * from './limits/redaction-limits.ts';
export * from './limits/settings-limits.ts';
export * from './limits/storage-limits.ts';
export * from './limits/units.ts';
