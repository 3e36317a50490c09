import type { AnyPrompt, PassThroughPrompt, Target } from '../../guard/call.ts';
import { speaks } from '../../providers/config/spoken-dialects.ts';
import { passThroughFormat } from '../../providers/dialects/dialects.ts';
import type { Providers } from '../../providers/config/provider-config.ts';
import type { Loss } from '../../providers/translation/losses.ts';
import { jsonLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { stopping, type GatewayError } from '../http/gateway-error.ts';
import type { ProtocolName } from './protocol.ts';
import { decodeBody, loadProtocol } from './protocols.ts';
import { TranslatedReply } from './translated-reply.ts';

export interface TranslationOptions {
  readonly protocol: ProtocolName;
  /** Unique, for the answer. */
  readonly id: string;
  /** As the client named it. */
  readonly model: string;
  readonly targets: readonly Target[];
  readonly providers: Providers;
  /** How many values the body has. */
  readonly values: number;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  readonly onLosses: (target: string, losses: readonly Loss[]) => void;
}

// The AI SDK makes its request of them at once, and nothing else runs meanwhile.
const tooManyValues: GatewayError = {
  status: 413,
  code: 'too_large',
  message: `The body has more than ${jsonLimits.translatedValues} values, which is too much to translate. Shorten the conversation, or use a model whose provider speaks the protocol of this request.`,
};

export interface Translation {
  readonly prompt: AnyPrompt;
  /** Undefined if the request is passed through to every target. */
  readonly reply?: TranslatedReply;
}

/**
 * The prompt for these targets. Those that speak the client's protocol get the request as it is, and the others get it
 * translated. A target that is not set up counts for neither: the guard refuses it.
 */
export async function translateRequest(
  prompt: PassThroughPrompt,
  options: TranslationOptions,
): Promise<Result<Translation, GatewayError>> {
  const { protocol: name, targets, providers, values, id, model, nowMs, onLosses } = options;
  const configs = targets
    .map(({ provider }) => providers.usable.get(provider))
    .filter((each) => each !== undefined);
  const isPassed = passThroughFormat(name) !== undefined;
  const speaking = configs.filter((config) => isPassed && speaks(config, name)).length;
  if (speaking === configs.length && isPassed) return ok({ prompt });
  if (values > jsonLimits.translatedValues) return err(tooManyValues);
  const protocol = await loadProtocol[name]();
  const decoded = await decodeBody(protocol, prompt.body.bytes, options.signal);
  if (decoded === undefined) return err(stopping);
  if (!decoded.ok) return err(decoded.error);
  const { prompt: translated, losses, reply } = decoded.value;
  if (losses.length > 0) onLosses(model, losses);
  const context = { ...reply, id, model, createdMs: nowMs, inputTokens: prompt.inputTokens };
  return ok({
    prompt: speaking === 0 ? translated : { ...prompt, translated },
    reply: new TranslatedReply({ protocol, streams: prompt.streams, context, onLosses }),
  });
}
