import { randomUUID } from 'node:crypto';
import { isCount, type Call, type PassThroughPrompt } from '../../guard/call.ts';
import { err, ok } from '../../shared/result.ts';
import { callerOf, statusesOf } from '../client-tool.ts';
import type { GatewayError } from '../http/gateway-error.ts';
import { translateRequest, type Translation } from '../protocols/translate-request.ts';
import type { StatusRules } from '../refusals/refusal-answer.ts';
import { sessionOf } from '../sessions.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import { answerCall } from './answer-call.ts';
import { findModel, modelFor } from './model-names.ts';
import { countInstead, type ParseRequest } from './other-requests.ts';
import { dialectOf, parseRequest, type PassedProtocol } from './passthrough-request.ts';
import { foreignResponse, previousResponseOf, toolError } from './provider-state.ts';
import type { ResponseOwners } from './response-owners.ts';
import type { Route } from './routed-request.ts';

/** Makes a call of a request in this protocol, and answers it. */
export function passOn(
  protocol: PassedProtocol,
  parse: ParseRequest = (...request) => parseRequest(protocol, ...request),
): Route['run'] {
  return async (
    { request, response, body, tenant, token, memory, signal },
    { guard: own, settings, clock, onLosses },
  ) => {
    const parsed = await parse(body, request.headers, signal);
    if (!parsed.ok) return parsed;
    const { model, builtInTools, values = 0 } = parsed.value;
    const prompt = continued(parsed.value.prompt, tenant, memory.responses);
    if (prompt === undefined) return { ok: false, error: foreignResponse };
    // A provider of another dialect gets a request for an answer translated, and can have one counted by the guard.
    const { operation = 'answer' } = prompt;
    const isForAll = (operation === 'answer' && !continues(prompt)) || operation === 'count';
    const resolved = isForAll
      ? findModel(model, dialectOf[protocol], settings())
      : modelFor(model, protocol, settings());
    const caller = callerOf(token?.tool, request.headers);
    const rules = { tool: statusesOf(caller), capStatus: settings().capStatus ?? 'auto' };
    if (!resolved.ok) return err(withFinalStatus(resolved.error, rules));
    const { providers } = settings();
    const { usable } = providers;
    const configs = resolved.value.targets.map(({ provider }) => usable.get(provider));
    const tool = toolError(builtInTools, configs);
    if (tool !== undefined) return err(withFinalStatus(tool, rules));
    const session = token && sessionOf(token.id, caller, request.headers, prompt.body);
    const answered = session === undefined ? () => undefined : memory.sessions.begin(session, body);
    if (answered === undefined) return { ok: false, error: pausedSession(rules) };
    const id = randomUUID();
    response.setHeader('x-request-id', id);
    const { targets } = resolved.value;
    const name = dialectOf[protocol];
    const nowMs = clock.nowMs();
    const onLoss = onLosses ?? (() => undefined);
    const known = { protocol: name, id, model, targets, providers, values, nowMs, signal };
    const options = { ...known, onLosses: onLoss };
    const translation = operation === 'answer' ? await translateRequest(prompt, options) : ok({ prompt });
    if (!translation.ok) return translation;
    const { prompt: sent, reply }: Translation = translation.value;
    const call: Call = {
      id,
      frontDoor: 'gateway',
      source: 'gateway',
      caller,
      tenant,
      asked: model,
      ...(token === undefined ? {} : { token }),
      ...(session === undefined ? {} : { session: session.id }),
      ...resolved.value,
      prompt: sent,
      signal,
      idempotent: true,
      isRepeated: (reason, target) =>
        memory.refusals.isRepeated([tenant, token?.id, caller, reason, nameOf(target)]),
      ...(reply === undefined ? {} : { onServed: reply.serve }),
    };
    const { streams } = prompt;
    const fallback = isCount(prompt) ? { instead: countInstead(prompt) } : {};
    const translated = reply === undefined ? {} : { reply };
    const guard = prompt.dialect === 'openai-responses' ? memory.responses.watching(own) : own;
    const error = await answerCall(
      { call, protocol, streams, response, rules, waits: memory.waits, ...fallback, ...translated },
      { guard, clock },
    );
    if (error === undefined) answered();
    return error === undefined ? ok(undefined) : { ok: false, error };
  };
}

/** Whether the request needs a conversation that only one provider has. */
function continues({ body }: PassThroughPrompt): boolean {
  return previousResponseOf(body) !== undefined;
}

/**
 * The prompt, held with the tokens of the response that it continues: the provider reads them again. Undefined if that
 * response is not one of the tenant's.
 */
function continued(
  prompt: PassThroughPrompt,
  tenant: string,
  responses: ResponseOwners,
): PassThroughPrompt | undefined {
  const previous = previousResponseOf(prompt.body);
  if (previous === undefined) return prompt;
  const tokens = previous === null ? undefined : responses.tokensOf(tenant, previous);
  if (tokens === undefined) return undefined;
  // Only the provider has the conversation, so no other dialect can get it.
  const { translated: _translated, ...passed } = prompt;
  return { ...passed, inputTokens: prompt.inputTokens + tokens };
}

/** Lasts until the user chooses another model, or changes the settings. */
function withFinalStatus(error: GatewayError, { tool }: StatusRules): GatewayError {
  return { ...error, status: tool?.final ?? 400, headers: { 'x-should-retry': 'false' } };
}

function pausedSession(rules: StatusRules): GatewayError {
  const message = 'You paused this session in VS Code, because it may run in a loop. Start a new one.';
  return withFinalStatus({ status: 400, code: 'paused', message }, rules);
}
