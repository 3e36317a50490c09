import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Prompt } from '../../guard/call.ts';
import type { CatalogueRow, WireDialect } from '../config/catalogue.ts';
import type { Wire } from '../transport/wire.ts';

export interface PromptRequest {
  readonly dialect: WireDialect;
  readonly baseUrl: string;
  readonly model: string;
  readonly prompt: Prompt;
  readonly wire: Wire;
  /** See the catalogue. */
  readonly outputLimit: CatalogueRow['outputLimit'] | undefined;
}

/** A model of the AI SDK that sends its one request through the wire. */
export type DialectModel = (request: PromptRequest) => Pick<LanguageModelV4, 'doStream'>;
