import assert from 'node:assert/strict';
import { Sessions, sessionOf, type Runaway } from '../../../src/gateway/sessions.ts';
import { sessionLimits } from '../../../src/shared/limits.ts';
import type { JsonObject } from '../../../src/shared/json-members.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const { repeats, calls, windowMs } = sessionLimits;
const empty: JsonObject = { bytes: Buffer.from('{}'), members: [] };

function bodyWith(metadata: string): JsonObject {
  const start = '{"metadata":';
  const bytes = Buffer.from(`${start}${metadata}}`);
  const member = { name: 'metadata', start: 1, valueStart: start.length, valueEnd: bytes.length - 1 };
  return { bytes, members: [member] };
}

describe('sessionOf', () => {
  it('reads the field in which each tool names its session', () => {
    const headers = { 'x-claude-code-session-id': 'a', 'session-id': 'b', 'x-session-id': 'c' };
    const ids = ['claude', 'codex', 'other'].map((caller) => sessionOf('t', caller, headers, empty)?.id);
    assert.equal(new Set(ids).size, 3);
    assert.ok(
      ids.every((id) => /^[\w-]{12}$/.test(id ?? '')),
      ids.join(),
    );
    const inBody = sessionOf('t', 'claude', {}, bodyWith('{"user_id":"a"}'));
    assert.equal(inBody?.id, ids[0]);
  });

  it('gives each token sessions of its own, and shows nothing of the field', () => {
    const headers = { 'x-session-id': 'secret' };
    const [one, two] = ['t', 'u'].map((token) => sessionOf(token, 'other', headers, empty)?.id);
    assert.notEqual(one, two);
    assert.ok(!String(one).includes('secret'));
  });

  it('takes no session from a field that is absent, empty or too long', () => {
    assert.equal(sessionOf('t', 'other', {}, empty), undefined);
    assert.equal(sessionOf('t', 'other', { 'x-session-id': '' }, empty), undefined);
    assert.equal(sessionOf('t', 'other', { 'x-session-id': 'é'.repeat(129) }, empty), undefined);
    for (const metadata of ['7', '[]', '{"user_id":7}', `{"user_id":"${'x'.repeat(5_000)}"}`])
      assert.equal(sessionOf('t', 'claude', {}, bodyWith(metadata)), undefined);
    assert.equal(sessionOf('t', 'other', {}, bodyWith('{"user_id":"a"}')), undefined);
  });
});

describe('Sessions', () => {
  const session = { id: 'one', caller: 'claude' };
  const start = () => {
    const clock = new FakeClock(0);
    const runaways: Runaway[] = [];
    const sessions = new Sessions(clock, (runaway) => runaways.push(runaway));
    const call = (body: string, isAnswered = true, of = session) => {
      const answered = sessions.begin(of, Buffer.from(body));
      if (isAnswered) answered?.();
      return answered !== undefined;
    };
    return { clock, runaways, call };
  };

  it('reports the same request that is sent again and again, once', () => {
    const { runaways, call } = start();
    for (let sent = 1; sent < repeats; sent++) call('same');
    assert.equal(runaways.length, 0);
    for (let more = 0; more < 5; more++) call('same');
    assert.deepEqual(
      runaways.map(({ id, caller, why }) => [id, caller, why]),
      [['one', 'claude', 'repeats']],
    );
  });

  it('does not take requests that differ, or that another session sends, for repeats', () => {
    const { runaways, call } = start();
    const long = 'x'.repeat(3 * sessionLimits.hashedBytes);
    for (let sent = 0; sent < 2 * repeats; sent++) call(`${long}${sent}`);
    for (let sent = 0; sent < 2 * repeats; sent++) call('same', true, { id: `s${sent}`, caller: 'claude' });
    assert.equal(runaways.length, 0);
  });

  it('does not take the retries of a failed request for repeats', () => {
    const { runaways, call } = start();
    for (let sent = 0; sent < 3 * repeats; sent++) call('same', false);
    assert.equal(runaways.length, 0);
  });

  it('does not report repeats that are spread over a longer time', async () => {
    const { clock, runaways, call } = start();
    for (let sent = 0; sent < 3 * repeats; sent++) {
      call('same');
      await clock.advance(windowMs / (repeats - 2));
    }
    assert.equal(runaways.length, 0);
  });

  it('reports a session with very many calls', () => {
    const { runaways, call } = start();
    for (let sent = 0; sent < calls; sent++) call(String(sent));
    assert.deepEqual(
      runaways.map(({ why }) => why),
      ['calls'],
    );
  });

  it('refuses the calls of a paused session only, until it is resumed', () => {
    const { runaways, call } = start();
    for (let sent = 0; sent < repeats; sent++) call('same');
    runaways[0]?.pause();
    assert.equal(call('other'), false);
    assert.equal(call('other', true, { id: 'two', caller: 'claude' }), true);
    runaways[0]?.resume();
    assert.equal(call('other'), true);
  });

  it('keeps a bounded number of sessions', () => {
    const { runaways, call } = start();
    for (let sent = 1; sent < repeats; sent++) call('same');
    for (let other = 0; other < sessionLimits.sessions; other++)
      call('x', true, { id: `s${other}`, caller: 'claude' });
    call('same');
    assert.equal(runaways.length, 0);
  });
});
