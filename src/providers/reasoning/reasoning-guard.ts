import { isPassThrough, type Call, type Part, type Prompt } from '../../guard/call.ts';
import { createGuard, type Guard } from '../../guard/guard.ts';
import type { GuardPorts, PromptCheck } from '../../guard/guard-ports.ts';
import type { Resolve } from '../../guard/resolved-target.ts';
import { ok } from '../../shared/result.ts';
import type { ProviderTarget } from '../rules/resolver.ts';
import { attach, carriedBy, makerOf, type AssistantMessage } from './kept-reasoning.ts';
import { mapParts } from './map-parts.ts';
import { ReasoningStore, type ReasoningOwner, type ToolUse } from './reasoning-store.ts';

function ownerOf({ tenant, source, frontDoor, caller = '', token }: Call): ReasoningOwner {
  return { tenant, caller: [source, frontDoor, caller, token?.id ?? ''] };
}

/** A guard that keeps what models think in tool loops, and finds it for the next request. */
export function createReasoningGuard(
  ports: GuardPorts<ProviderTarget>,
  store = new ReasoningStore(ports.clock),
): Guard<ProviderTarget> {
  const checkPrompt = findingCheck(ports.checkPrompt, store, ports.resolve);
  return keepingGuard(createGuard({ ...ports, checkPrompt }), store);
}

/** The sender has put what a model thought into the last part of its answer. */
function keepingGuard(
  guard: Guard<ProviderTarget>,
  store: Pick<ReasoningStore, 'keep'>,
): Guard<ProviderTarget> {
  return {
    ...guard,
    run: (call, resolve) => {
      const uses: ToolUse[] = [];
      const owner = ownerOf(call);
      return mapParts(guard.run(call, resolve), (part) => {
        keepFrom(part, uses, owner, store);
        return part;
      });
    },
  };
}

function keepFrom(
  part: Part,
  uses: ToolUse[],
  owner: ReasoningOwner,
  store: Pick<ReasoningStore, 'keep'>,
): void {
  if (part.type === 'tool-call') {
    const { toolCallId: id, toolName: name, input } = part;
    uses.push({ id, name, input });
  } else if (part.type === 'finish') {
    const kept = carriedBy(part.providerMetadata);
    if (kept !== undefined) store.keep(owner, kept, uses);
  }
}

/**
 * A prompt check that then attaches the reasoning that is kept for a call's tool calls. What a provider wrote goes back
 * to it alone and unchanged, because a signature covers it, so it is not checked again.
 */
function findingCheck(
  check: PromptCheck,
  store: Pick<ReasoningStore, 'find'>,
  resolve: Resolve<ProviderTarget>,
): PromptCheck {
  return async (call) => {
    const checked = await check(call);
    const asked = call.prompt;
    if (!checked.ok || isPassThrough(checked.value) || isPassThrough(asked)) return checked;
    const makers = call.targets.flatMap((target) => {
      const resolved = resolve(target, call);
      return resolved.ok ? [makerOf(resolved.value)] : [];
    });
    return ok(withKept(asked, checked.value, (uses) => store.find(ownerOf(call), makers, uses)));
  };
}

/** `asked` has the arguments as the model wrote them. In `checked`, secrets may be redacted. */
function withKept(
  asked: Prompt,
  checked: Prompt,
  find: (uses: readonly ToolUse[]) => ReturnType<ReasoningStore['find']>,
): Prompt {
  const used = new Set<object>();
  const messages = checked.prompt.map((message, index) => {
    const original = asked.prompt[index];
    if (message.role !== 'assistant' || original?.role !== 'assistant' || hasReasoning(message))
      return message;
    const uses = original.content.flatMap((part) =>
      part.type === 'tool-call' ? [{ id: part.toolCallId, name: part.toolName, input: part.input }] : [],
    );
    const kept = uses.length === 0 ? undefined : find(uses);
    if (kept === undefined) return message;
    // Some clients send each tool call of an answer in a message of its own.
    const isFirst = !used.has(kept);
    used.add(kept);
    return attach(message, isFirst ? kept : { ...kept, blocks: [] });
  });
  const isSame = messages.every((message, index) => message === checked.prompt[index]);
  return isSame ? checked : { ...checked, prompt: messages };
}

/** From a front door whose messages have a place for it. */
function hasReasoning({ content, providerOptions }: AssistantMessage): boolean {
  return carriedBy(providerOptions) !== undefined || content.some(({ type }) => type === 'reasoning');
}
