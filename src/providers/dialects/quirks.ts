/** What requests call the limit of output tokens. */
export const outputLimitNames = ['max_tokens', 'max_completion_tokens'] as const;

export type OutputLimitName = (typeof outputLimitNames)[number];

/** What a server takes, as far as servers differ. */
export interface Quirks {
  /** Streamed requests may ask for usage with `stream_options`. */
  readonly streamOptions: boolean;
  readonly outputLimit: OutputLimitName;
  /** The server knows the role `system`. */
  readonly systemRole: boolean;
  /** Requests may choose `temperature` and `top_p`. */
  readonly temperature: boolean;
}
