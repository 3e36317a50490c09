import { BlockReader, type AnswerBlock, type BlockEvent } from '../answer-blocks.ts';
import { callOf, inputOf, serverSentEvent } from '../encoding.ts';
import type { AnswerEnd, AnswerPart, ReplyContext, StreamEncoder } from '../protocol.ts';
import { wantsBack } from '../signatures.ts';
import {
  callItem,
  endOf,
  messageItem,
  outputOf,
  reasoningItem,
  responseOf,
  signatureItem,
  textPart,
} from './encode.ts';

/** The events of a streamed response (OpenAI's API reference, 'Responses', 'Streaming events'). */
export class ResponseStream implements StreamEncoder {
  readonly #context: ReplyContext;
  readonly #reader = new BlockReader();
  /** How many items the output has. */
  #items = 0;
  /** The reasoning whose summary has begun. */
  #summarized: AnswerBlock | undefined;
  #sequence = 0;

  constructor(context: ReplyContext) {
    this.#context = context;
  }

  part(part: AnswerPart): string {
    const changes = this.#reader.push(part);
    return changes.length === 0
      ? ''
      : this.#begin() + changes.map((change) => this.#eventOf(change)).join('');
  }

  end(end: AnswerEnd): string {
    const begun = this.#begin();
    const rest = this.#reader
      .finish()
      .map((change) => this.#eventOf(change))
      .join('');
    const { blocks } = this.#reader;
    const finished = endOf(end, blocks);
    const output = outputOf(blocks, this.#context);
    const response = { ...responseOf(this.#context, finished.status, output), ...finished };
    return begun + rest + this.#event(`response.${finished.status}`, { response });
  }

  #begin(): string {
    if (this.#sequence > 0) return '';
    const response = responseOf(this.#context, 'in_progress', []);
    return this.#event('response.created', { response }) + this.#event('response.in_progress', { response });
  }

  #event(type: string, data: object): string {
    return serverSentEvent({ type, sequence_number: this.#sequence++, ...data }, type);
  }

  #eventOf(change: BlockEvent): string {
    switch (change.block.kind) {
      case 'text':
        return this.#textEvent(change);
      case 'reasoning':
        return this.#reasoningEvent(change);
      case 'tool':
        return this.#callEvent(change);
      case 'file':
        return '';
    }
  }

  #added(item: object): string {
    return this.#event('response.output_item.added', { output_index: this.#items, item });
  }

  #done(item: object): string {
    return this.#event('response.output_item.done', { output_index: this.#items++, item });
  }

  #textEvent(change: BlockEvent): string {
    const { block, type } = change;
    const done = messageItem(block, this.#context, 'completed');
    const place = { item_id: done.id, output_index: this.#items, content_index: 0 };
    if (type === 'delta')
      return this.#event('response.output_text.delta', { ...place, delta: change.text, logprobs: [] });
    if (type === 'open') {
      const added = this.#added(messageItem(block, this.#context, 'in_progress'));
      return added + this.#event('response.content_part.added', { ...place, part: textPart('') });
    }
    const { text } = block;
    return (
      this.#event('response.output_text.done', { ...place, text, logprobs: [] }) +
      this.#event('response.content_part.done', { ...place, part: textPart(text) }) +
      this.#done(done)
    );
  }

  #reasoningEvent(change: BlockEvent): string {
    const { block, type } = change;
    const item = reasoningItem(block, this.#context);
    const place = { item_id: item.id, output_index: this.#items, summary_index: 0 };
    const part = (text: string) => ({ ...place, part: { type: 'summary_text', text } });
    if (type === 'open') return this.#added({ ...item, summary: [], encrypted_content: null });
    if (type === 'delta') {
      // A block that waited has its whole text with its first delta.
      const added =
        this.#summarized === block ? '' : this.#event('response.reasoning_summary_part.added', part(''));
      this.#summarized = block;
      return added + this.#event('response.reasoning_summary_text.delta', { ...place, delta: change.text });
    }
    const { text } = block;
    const summary =
      text === ''
        ? ''
        : this.#event('response.reasoning_summary_text.done', { ...place, text }) +
          this.#event('response.reasoning_summary_part.done', part(text));
    return summary + this.#done(item);
  }

  #callEvent(change: BlockEvent): string {
    const { block, type } = change;
    const call = callOf(block, this.#context);
    const kind = call.isCustom === true ? 'custom_tool_call_input' : 'function_call_arguments';
    const input = inputOf(block, call);
    const done = callItem(block, this.#context, 'completed', input);
    if (type === 'open')
      return this.#signature(block) + this.#added(callItem(block, this.#context, 'in_progress', ''));
    const place = () => ({ item_id: done.id, output_index: this.#items });
    // Free text is known when the whole input is.
    if (type === 'delta') {
      if (call.isCustom === true) return '';
      return this.#event(`response.${kind}.delta`, { ...place(), delta: change.text });
    }
    const whole = call.isCustom === true ? { input } : { arguments: input, name: call.name };
    const late = call.isCustom === true || block.text === '';
    return (
      (late ? this.#event(`response.${kind}.delta`, { ...place(), delta: input }) : '') +
      this.#event(`response.${kind}.done`, { ...place(), ...whole }) +
      this.#done(done)
    );
  }

  #signature(block: AnswerBlock): string {
    if (!wantsBack(block.metadata)) return '';
    const item = signatureItem(block, this.#context);
    return this.#added(item) + this.#done(item);
  }
}
