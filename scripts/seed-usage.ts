import { DatabaseSync } from 'node:sqlite';

const dayMs = 86_400_000;
const days = 30;

/** Who was asked on a weekday, how often, and what it cost: models as a team might use them. */
const models = [
  { provider: 'anthropic', model: 'claude-large', requests: 210, tokens: 3_100, microUsd: 14_500, ms: 2_900 },
  { provider: 'anthropic', model: 'claude-small', requests: 160, tokens: 1_900, microUsd: 1_900, ms: 1_100 },
  { provider: 'openai', model: 'gpt-large', requests: 140, tokens: 2_600, microUsd: 9_800, ms: 2_300 },
  { provider: 'azure-eu', model: 'gpt-small', requests: 90, tokens: 1_500, microUsd: 1_200, ms: 900 },
  { provider: 'local', model: 'qwen', requests: 45, tokens: 1_200, microUsd: 0, ms: 4_100 },
];
const refusals = ['cap', 'cap', 'cap', 'circuit', 'circuit', 'policy', 'promptSecret'];

/** Puts weeks of use into a ledger, so that there is something to be seen in a picture. Today stays as it is. */
export function seedUsage(file: string, nowMs: number): void {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
  const usage = db.prepare(`
    INSERT INTO usage (day, provider, model, tenant, requests, succeeded, failed, input_tokens, output_tokens,
      cost_micro_usd) VALUES (?, ?, ?, 'default', ?, ?, ?, ?, ?, ?)`);
  const call = db.prepare(`
    INSERT INTO audit_row SELECT coalesce(max(seq), 0) + 1, ?, 'call', ?, 'seeded', zeroblob(32) FROM audit_row`);
  for (let ago = days; ago > 0; ago -= 1) {
    const atMs = nowMs - ago * dayMs;
    const isWeekend = [0, 6].includes(new Date(atMs).getUTCDay());
    for (const [index, { provider, model, requests, tokens, microUsd, ms }] of models.entries()) {
      // The same each time, and rising a little over the month.
      const swing = 1 + 0.35 * Math.sin(ago * 2.3 + index * 1.7) + (days - ago) / 90;
      const count = Math.round(requests * swing * (isWeekend ? 0.15 : 1));
      const failed = Math.round(count * 0.012 * index);
      const input = Math.round(count * tokens * 0.8);
      const day = new Date(atMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
      usage.run(
        day,
        provider,
        model,
        count,
        count - failed,
        failed,
        input,
        count * tokens - input,
        count * microUsd,
      );
      for (let one = 0; one < 12; one += 1) {
        const totalMs = ms * (0.5 + ((one * 7 + ago * 3) % 12) / 9);
        const reason = one === 0 ? refusals[(ago + index) % refusals.length] : undefined;
        call.run(atMs + one, JSON.stringify(bodyOf(provider, model, totalMs, reason)));
      }
    }
  }
  db.exec('COMMIT');
  db.close();
}

function bodyOf(provider: string, model: string, totalMs: number, reason: string | undefined): object {
  return {
    callId: crypto.randomUUID(),
    tenant: 'default',
    frontDoor: 'lm',
    provider,
    model,
    outcome: reason === undefined ? 'done' : 'refused',
    reason,
    attempts: reason === undefined ? 1 : 0,
    retries: 0,
    status: 200,
    usage: {
      requests: 1,
      inputTokens: 100,
      cachedInputTokens: 0,
      outputTokens: 20,
      costMicroUsd: 0,
      estimated: false,
    },
    headersMs: totalMs / 6,
    firstContentMs: totalMs / 4,
    totalMs,
  };
}
