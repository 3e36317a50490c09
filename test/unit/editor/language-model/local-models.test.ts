import assert from 'node:assert/strict';
import { LocalModels } from '../../../../src/editor/language-model/local-models.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';
import type { Settings } from '../../../../src/settings/settings.ts';
import { ok } from '../../../../src/shared/result.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const models = { list: ['m'] };
const written = {
  own: { kind: 'openai-compatible', baseUrl: 'http://192.168.1.7:8000/v1', models },
  ollama: { kind: 'ollama', models },
  empty: { kind: 'openai-compatible', baseUrl: 'http://localhost:8000/v1' },
  public: { kind: 'openai-compatible', baseUrl: 'https://api.example.com/v1', models },
  groq: { kind: 'groq', models },
};

const unwanted = () => {
  throw new Error('this must not be called');
};

describe('LocalModels', () => {
  it('asks the servers of the user about their models, whatever their kind, once a minute until they answer', async () => {
    const clock = new FakeClock();
    const asked: string[] = [];
    const known = new Set<string>();
    const local = new LocalModels({
      listModels: ({ config }) => {
        asked.push(config.id);
        return Promise.resolve(ok([]));
      },
      facts: { served: ({ id }) => (known.has(id) ? new Map() : undefined) },
      clock,
      log: { error: unwanted },
    });
    const settings = { providers: parseProviders(written) } as Partial<Settings> as Settings;
    const ask = () => local.ask(settings, unwanted);
    await ask();
    assert.deepEqual(asked, ['own', 'ollama']);
    await ask();
    known.add('ollama');
    await clock.advance(60_000);
    await ask();
    assert.deepEqual(asked, ['own', 'ollama', 'own']);
  });
});
