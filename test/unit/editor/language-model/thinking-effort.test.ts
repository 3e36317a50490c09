import assert from 'node:assert/strict';
import { effortIn, effortSchema } from '../../../../src/editor/language-model/thinking-effort.ts';
import { english } from '../../../../src/shared/l10n.ts';

describe('effortIn', () => {
  for (const [name, request, effort] of [
    ['what the user chose in the picker', { modelConfiguration: { reasoningEffort: 'low' } }, 'low'],
    ['the default of the picker as none', { modelConfiguration: { reasoningEffort: 'default' } }, undefined],
    ['the option of a request', { modelOptions: { reasoning_effort: 'high' } }, 'high'],
    [
      'the option of a request before the choice',
      { modelOptions: { reasoningEffort: 'medium' }, modelConfiguration: { reasoningEffort: 'low' } },
      'medium',
    ],
    ['an option with an unknown word as none', { modelOptions: { reasoningEffort: 'hard' } }, undefined],
    ['options that are none', { modelOptions: null, modelConfiguration: 'high' }, undefined],
    ['a request without either', {}, undefined],
  ] as const)
    it(`reads ${name}`, () => {
      assert.equal(effortIn(request), effort);
    });

  it('reads every value that the picker offers', () => {
    const { properties } = effortSchema(english) as {
      properties: { reasoningEffort: { enum: string[]; enumItemLabels: string[]; default: string } };
    };
    const { enum: values, enumItemLabels, default: initial } = properties.reasoningEffort;
    assert.equal(enumItemLabels.length, values.length);
    const chosen = values.map((reasoningEffort) => effortIn({ modelConfiguration: { reasoningEffort } }));
    assert.deepEqual(chosen, [undefined, ...values.slice(1)]);
    assert.equal(initial, values[0]);
  });
});
