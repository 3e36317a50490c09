import assert from 'node:assert/strict';
import type {
  DecodedRequest,
  DecodeError,
  ProtocolName,
} from '../../../../src/gateway/protocols/protocol.ts';
import { loadProtocol } from '../../../../src/gateway/protocols/protocols.ts';
import { asksForNothing, fieldRules } from '../../../../src/providers/translation/losses.ts';
import type { Result } from '../../../../src/shared/result.ts';
import { leavesOf, objectsOf, valueAt, withValueAt, type Place } from '../../../support/leaves.ts';
import { recordedBodies } from '../../../support/recorded-requests.ts';
import { resultOf } from '../../../support/work-result.ts';

type Decoded = Result<DecodedRequest, DecodeError>;

async function decoderOf(protocol: ProtocolName): Promise<(body: unknown) => Decoded> {
  const { decode } = await loadProtocol[protocol]();
  return (body) => resultOf(decode(body));
}

/** What a request becomes: the prompt and what its answer needs, or the refusal. */
function madeOf(decoded: Decoded): string {
  if (!decoded.ok) return decoded.error.message;
  const { prompt, reply } = decoded.value;
  return JSON.stringify([prompt, [...reply.tools], reply.wantsUsage]);
}

/** The names that the table of losses may have for a place: by all names before it, or by the type of its part. */
function namesOf(body: unknown, place: Place): string[] {
  const names = place.map((_, n) => place.slice(0, n + 1)).flatMap((inner) => namesOfOne(body, inner));
  return names;
}

function namesOfOne(body: unknown, place: Place): string[] {
  const starts = place.flatMap((_, n) => {
    const holder = valueAt(body, place.slice(0, n));
    const type =
      typeof holder === 'object' && holder !== null ? (holder as { type?: unknown }).type : undefined;
    const rest = dotted(place.slice(n));
    const item = n > 0 && type === undefined && typeof place[n] === 'string' ? [`message.${rest}`] : [];
    return typeof type === 'string' ? [`${type}.${rest}`, `serverTool (${type})`] : item;
  });
  return [dotted(place), ...starts];
}

const dotted = (place: Place) => place.filter((each) => typeof each === 'string').join('.');

function isNamed(protocol: ProtocolName, body: unknown, place: Place, losses: readonly string[]): boolean {
  const rules: Readonly<Record<string, string>> = fieldRules[protocol];
  return namesOf(body, place).some((name) => losses.includes(name) || rules[name] === 'ignore');
}

function lossesIn(decoded: Decoded): readonly string[] {
  return decoded.ok ? decoded.value.losses : [];
}

/** Another value of the same kind. */
function otherThan(value: unknown): unknown {
  if (typeof value === 'string') return `${value}x`;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'boolean' ? !value : { other: 1 };
}

describe('decoders, with the requests of real tools', () => {
  it('cover each protocol', () => {
    assert.deepEqual(
      [...new Set(recordedBodies.map(({ protocol }) => protocol))].sort(),
      Object.keys(loadProtocol).sort(),
    );
  });

  for (const { name, protocol, body } of recordedBodies) {
    it(`read all of ${name}, or the table of losses names it`, async () => {
      const decode = await decoderOf(protocol);
      const decoded = decode(body);
      assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.message);
      const made = madeOf(decoded);
      const silent: string[] = [];
      for (const place of leavesOf(body)) {
        const field = place.at(-1);
        const value = valueAt(body, place);
        const changes = [undefined, otherThan(value)].map((other) => decode(withValueAt(body, place, other)));
        const isRead = changes.some((change) => madeOf(change) !== made);
        if (isRead || (typeof field === 'string' && asksForNothing(field, value))) continue;
        const losses = [decoded, ...changes].flatMap(lossesIn);
        if (!isNamed(protocol, body, place, losses)) silent.push(place.join('.'));
      }
      assert.deepEqual(silent, []);
    });

    it(`name a field that is added anywhere in ${name}, or keep it`, async () => {
      const decode = await decoderOf(protocol);
      const made = madeOf(decode(body));
      const silent: string[] = [];
      for (const place of objectsOf(body)) {
        const added = [...place, 'unheard_of'];
        const changed = decode(withValueAt(body, added, 'x'));
        const isNamedNow = lossesIn(changed).some((loss) => /unheard_?of/i.test(loss));
        if (isNamedNow || madeOf(changed) !== made) continue;
        if (!isNamed(protocol, body, place, lossesIn(changed))) silent.push(place.join('.'));
      }
      assert.deepEqual(silent, []);
    });
  }
});
