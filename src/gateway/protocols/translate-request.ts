import type { AnyPrompt, PassThroughPrompt, Target } from '../../guard/call.ts';
import { speaks } from '../../providers/config/spoken-dialects.ts';
import { passThroughFormat } from '../../providers/dialects/dialects.ts';
import type { Providers } from '../../providers/config/provider-config.ts';
import type { Loss } from '../../providers/translation/losses.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { DecodeError, ProtocolName } from './protocol.ts';
import { loadProtocol } from './protocols.ts';
import { TranslatedReply } from './translated-reply.ts';

export interface TranslationOptions {
  readonly protocol: ProtocolName;
  /** Unique, for the answer. */
  readonly id: string;
  /** As the client named it. */
  readonly model: string;
  readonly targets: readonly Target[];
  readonly providers: Providers;
  readonly nowMs: number;
  readonly onLosses: (target: string, losses: readonly Loss[]) => void;
}

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
): Promise<Result<Translation, DecodeError>> {
  const { protocol: name, targets, providers, id, model, nowMs, onLosses } = options;
  const configs = targets
    .map(({ provider }) => providers.usable.get(provider))
    .filter((each) => each !== undefined);
  const isPassed = passThroughFormat(name) !== undefined;
  const speaking = configs.filter((config) => isPassed && speaks(config, name)).length;
  if (speaking === configs.length && isPassed) return ok({ prompt });
  const protocol = await loadProtocol[name]();
  const decoded = protocol.decode(JSON.parse(prompt.body.bytes.toString()));
  if (!decoded.ok) return err(decoded.error);
  const { prompt: translated, losses, reply } = decoded.value;
  if (losses.length > 0) onLosses(model, losses);
  const context = { ...reply, id, model, createdMs: nowMs, inputTokens: prompt.inputTokens };
  return ok({
    prompt: speaking === 0 ? translated : { ...prompt, translated },
    reply: new TranslatedReply({ protocol, streams: prompt.streams, context, onLosses }),
  });
}
