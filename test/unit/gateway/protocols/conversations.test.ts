import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ProtocolName } from '../../../../src/gateway/protocols/protocol.ts';
import { loadProtocol } from '../../../../src/gateway/protocols/protocols.ts';
import { toolCallIdOf } from '../../../../src/providers/translation/tool-call-ids.ts';
import { leavesOf, withValueAt } from '../../../support/leaves.ts';
import { outlineOf } from '../../../support/prompt-outline.ts';
import { sentBody } from '../../../support/sent-body.ts';
import { bodyOf, type AssistantPart, type PlainPart, type Talk, type Turn } from '../../../support/talk.ts';
import { tableTargets } from '../../../support/translation-table.ts';
import { resultOf as allOf } from '../../../support/work-result.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 10 });
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const input = fc
  .dictionary(text, json, { maxKeys: 3, noNullPrototype: true })
  .map((value) => JSON.parse(JSON.stringify(value)) as object);
const callId = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 });
const toolName = fc.stringMatching(/^[a-z][a-zA-Z0-9_-]{0,20}$/);
const image = fc
  .base64String({ minLength: 4, maxLength: 8 })
  .map((data) => ({ image: data, mediaType: 'image/png' }));
const plain: fc.Arbitrary<PlainPart> = fc.oneof(
  { weight: 3, arbitrary: text.map((each) => ({ text: each })) },
  { weight: 1, arbitrary: image },
);

/** An assistant's turn and the results of its calls. */
const exchange: fc.Arbitrary<Turn[]> = fc
  .record({
    thought: fc.option(fc.string({ minLength: 1, maxLength: 5 }), { nil: undefined }),
    texts: fc.array(text, { maxLength: 2 }),
    calls: fc.uniqueArray(fc.record({ id: callId, name: toolName, input }), {
      maxLength: 3,
      selector: ({ id }) => id,
    }),
    results: fc.array(fc.record({ parts: fc.array(plain, { maxLength: 3 }), isError: fc.boolean() }), {
      minLength: 3,
      maxLength: 3,
    }),
  })
  .map(({ thought, texts, calls, results }) => {
    const parts: AssistantPart[] = [
      ...(thought === undefined ? [] : [{ thought, signature: 'c2ln' }]),
      ...texts.map((each) => ({ text: each })),
      ...calls.map(({ id, name, input: given }) => ({ call: id, name, input: given })),
    ];
    const answers = calls.map(({ id, name }, n) => {
      const { parts: said = [], isError = false } = results[n] ?? {};
      return { of: id, name, parts: said, ...(isError ? { isError } : {}) };
    });
    return [
      { role: 'assistant', parts },
      ...(answers.length === 0 ? [] : [{ role: 'results' as const, results: answers }]),
    ];
  });

const turns: fc.Arbitrary<Turn[]> = fc
  .array(
    fc.oneof(
      text.map((each): Turn[] => [{ role: 'system', text: each }]),
      fc.array(plain, { maxLength: 3 }).map((parts): Turn[] => [{ role: 'user', parts }]),
      exchange,
    ),
    { maxLength: 5 },
  )
  .map((each) => [{ role: 'user', parts: [{ text: 'Hi' }] }, ...each.flat()] as Turn[]);

const talks: fc.Arbitrary<Talk> = fc.record(
  {
    turns,
    tools: fc.uniqueArray(
      fc.record({
        name: toolName,
        description: text,
        schema: fc.constant({ type: 'object', properties: {} }),
      }),
      {
        minLength: 1,
        maxLength: 3,
        selector: ({ name }) => name,
      },
    ),
    stop: fc.array(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
    limit: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    temperature: fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0),
    effort: fc.constantFrom('low', 'medium', 'high'),
  },
  { requiredKeys: ['turns'] },
);

/** What a prompt has to say, in the words of `outlineOf`. */
function partsOf(turn: Turn, protocol: ProtocolName): unknown[] {
  switch (turn.role) {
    case 'system':
      if (turn.text === '') return [];
      return [[protocol === 'google-generative' ? 'user' : 'system', turn.text]];
    case 'user':
      return turn.parts.flatMap((part) => plainOf(part).map((said) => ['user', ...said]));
    case 'assistant':
      return turn.parts.flatMap((part): unknown[] => {
        if ('call' in part) return [['call', toolCallIdOf(part.call), part.name, part.input]];
        if ('thought' in part) return [['assistant', 'thought', part.thought]];
        return part.text === '' ? [] : [['assistant', part.text]];
      });
    case 'results':
      return turn.results.map(({ of, parts, isError }) => {
        const isSaid =
          isError === true && (protocol === 'anthropic-messages' || protocol === 'google-generative');
        return ['result', toolCallIdOf(of), ...resultOf(parts, isSaid, protocol)];
      });
  }
}

function plainOf(part: PlainPart): unknown[][] {
  if ('text' in part) return part.text === '' ? [] : [[part.text]];
  return 'image' in part ? [['file', part.mediaType, part.image]] : [];
}

function resultOf(parts: readonly PlainPart[], isError: boolean, protocol: ProtocolName): unknown[] {
  const texts = parts.flatMap((part) => ('text' in part ? [part.text] : []));
  const files = parts.flatMap((part) => ('text' in part ? [] : plainOf(part)));
  if (files.length === 0) {
    const whole = texts.join('\n');
    return isError ? ['error', whole] : whole === '' ? [] : [whole];
  }
  const said = isError ? ['The tool reported an error.'] : [];
  if (protocol === 'google-generative') return [...said, texts.join('\n'), ...files];
  return [...said, ...parts.map((part) => ('text' in part ? part.text : plainOf(part)[0]))];
}

const protocols = Object.keys(loadProtocol) as ProtocolName[];

describe('decoders, with conversations of any kind', () => {
  for (const protocol of protocols) {
    it(`read everything that a client of ${protocol} can say`, async () => {
      const { decode } = await loadProtocol[protocol]();
      const property = fc.property(talks, (talk) => {
        const decoded = allOf(decode(JSON.parse(JSON.stringify(bodyOf[protocol](talk)))));
        assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.message);
        const { parts, options } = outlineOf(decoded.value.prompt);
        assert.deepEqual(
          parts,
          talk.turns.flatMap((turn) => partsOf(turn, protocol)),
        );
        const { tools, stop, limit, temperature, effort } = talk;
        const hasStop = protocol !== 'openai-responses';
        const wanted = {
          tools: tools?.map(({ name, description, schema }) => [name, description, schema]),
          stopSequences: hasStop ? stop : undefined,
          ...{ maxOutputTokens: limit, temperature, reasoning: effort },
        };
        assert.deepEqual(
          options,
          Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
        );
      });
      fc.assert(property, { numRuns: 150 });
    });

    it(`give a prompt of ${protocol} that every package sends without a problem`, async () => {
      const { decode } = await loadProtocol[protocol]();
      const property = fc.asyncProperty(talks, fc.constantFrom(...tableTargets), async (talk, target) => {
        const decoded = allOf(decode(bodyOf[protocol](talk)));
        assert.ok(decoded.ok);
        const { dialect, kind, model } = target;
        const { body, problem } = await sentBody(dialect, decoded.value.prompt, { kind, model });
        assert.equal(problem, undefined);
        assert.notDeepEqual(body, {});
      });
      await fc.assert(property, { numRuns: 40 });
    });

    it(`never throw at a request of ${protocol} with anything in the place of a value`, async () => {
      const { decode } = await loadProtocol[protocol]();
      const property = fc.property(talks, fc.nat(), fc.jsonValue({ maxDepth: 3 }), (talk, n, value) => {
        const body = JSON.parse(JSON.stringify(bodyOf[protocol](talk))) as unknown;
        const places = [...leavesOf(body)];
        const place = places[n % places.length] ?? [];
        const depth = n % (place.length + 1);
        const decoded = allOf(decode(withValueAt(body, place.slice(0, depth), value)));
        if (!decoded.ok) assert.equal(decoded.error.status, 400);
      });
      fc.assert(property, { numRuns: 300 });
    });
  }
});
