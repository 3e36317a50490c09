/** One step of the schema. Only add steps: a released step never changes. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Times are milliseconds of the ledger's wall clock. Days are 'YYYY-MM-DD' in the ledger's zone. Money is in millionths
 * of a US dollar.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    sql: `
      -- The latest time and day that any window has seen: a clock set back reopens nothing.
      CREATE TABLE seen (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        latest_ms INTEGER NOT NULL,
        latest_day TEXT NOT NULL
      ) STRICT;
      INSERT INTO seen VALUES (1, 0, '');

      -- What was used and what is held, on the day on which the call was admitted.
      CREATE TABLE usage (
        day TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        tenant TEXT NOT NULL,
        requests INTEGER NOT NULL DEFAULT 0,
        succeeded INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        input_tokens INTEGER NOT NULL DEFAULT 0,
        cached_input_tokens INTEGER NOT NULL DEFAULT 0,
        output_tokens INTEGER NOT NULL DEFAULT 0,
        cost_micro_usd INTEGER NOT NULL DEFAULT 0,
        unknown_cost INTEGER NOT NULL DEFAULT 0,
        estimated INTEGER NOT NULL DEFAULT 0,
        held_requests INTEGER NOT NULL DEFAULT 0,
        held_tokens INTEGER NOT NULL DEFAULT 0,
        held_micro_usd INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (day, provider, model, tenant)
      ) STRICT, WITHOUT ROWID;

      -- open: under way. cleared: its window died, its input estimate is charged until the owner comes back.
      -- settled: kept for a minute, for the caps that count one.
      CREATE TABLE hold (
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('open', 'cleared', 'settled')),
        day TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        tenant TEXT NOT NULL,
        admitted_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        requests INTEGER NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        micro_usd INTEGER,
        input_micro_usd INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX hold_admitted ON hold (admitted_ms);
      CREATE INDEX hold_open ON hold (expires_ms) WHERE state = 'open';

      CREATE TABLE provider (
        id TEXT PRIMARY KEY,
        circuit TEXT NOT NULL,
        paused INTEGER NOT NULL DEFAULT 0,
        out_of_credit TEXT,
        key_rejected TEXT,
        last_ok_ms INTEGER,
        last_failure_ms INTEGER,
        last_failure TEXT
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE rest (
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        until_ms INTEGER NOT NULL,
        PRIMARY KEY (provider, model)
      ) STRICT, WITHOUT ROWID;

      -- Which keys should exist: no secrets.
      CREATE TABLE manifest (
        provider TEXT PRIMARY KEY,
        entry TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- What only one window may do at a time. A window that dies frees it by the expiry.
      CREATE TABLE lock (
        name TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        expires_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        key_id TEXT NOT NULL,
        mac BLOB NOT NULL
      ) STRICT;
      CREATE INDEX audit_at ON audit (at_ms);
    `,
  },
  {
    version: 2,
    sql: `
      -- What people did and how circuits changed is found without walking past all calls.
      CREATE INDEX audit_other ON audit (kind, seq) WHERE kind <> 'call';
    `,
  },
  {
    version: 3,
    sql: `
      -- Totals of each provider since the ledger began, so that pruning takes nothing from them.
      CREATE TABLE counter (
        provider TEXT NOT NULL,
        name TEXT NOT NULL,
        value INTEGER NOT NULL,
        PRIMARY KEY (provider, name)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO counter SELECT provider, 'requests', sum(requests) FROM usage GROUP BY provider;
      INSERT INTO counter SELECT provider, 'succeeded', sum(succeeded) FROM usage GROUP BY provider;
      INSERT INTO counter SELECT provider, 'failed', sum(failed) FROM usage GROUP BY provider;
      INSERT INTO counter SELECT provider, 'inputTokens', sum(input_tokens) FROM usage GROUP BY provider;
      INSERT INTO counter
        SELECT provider, 'cachedInputTokens', sum(cached_input_tokens) FROM usage GROUP BY provider;
      INSERT INTO counter SELECT provider, 'outputTokens', sum(output_tokens) FROM usage GROUP BY provider;
      INSERT INTO counter SELECT provider, 'costMicroUsd', sum(cost_micro_usd) FROM usage GROUP BY provider;
      INSERT INTO counter SELECT provider, 'unknownCost', sum(unknown_cost) FROM usage GROUP BY provider;
    `,
  },
  {
    version: 4,
    sql: `
      -- Whether the gateway is wanted, and what became of it: the port on which a window serves it, or why none can.
      CREATE TABLE gateway (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        wanted INTEGER NOT NULL DEFAULT 0,
        owner TEXT,
        port INTEGER,
        problem TEXT
      ) STRICT;
      INSERT INTO gateway (id) VALUES (1);

      -- The gateway's tokens: what each lets in, and its hash. process: the window in whose terminal alone it is.
      CREATE TABLE gateway_token (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('calls', 'management', 'readOnly')),
        tenant TEXT,
        hash TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        process INTEGER
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 5,
    sql: `
      -- Fewer pages for each call. Every earlier version reads 'seen' before it writes, admits calls through 'hold' and
      -- reads the trail from 'audit': without these tables a window of an earlier version refuses every call.
      ALTER TABLE seen RENAME TO high_water_mark;
      ALTER TABLE audit RENAME TO audit_row;
      -- Times grow with the numbers of the rows, so a row is found by its time without an index.
      DROP INDEX audit_at;

      -- A call from its admission until it is added to usage and counter.
      -- open: it may use this much. settled: it used this much, and that is not added yet. cleared: its window died,
      -- and its input estimate is in usage until its owner comes back.
      -- The number finds the row; the id distinguishes it from a later row that got the number of a deleted one.
      CREATE TABLE admission (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'cleared', 'settled')),
        day TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        tenant TEXT NOT NULL,
        admitted_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        requests INTEGER NOT NULL,
        input_tokens INTEGER NOT NULL,
        cached_input_tokens INTEGER NOT NULL DEFAULT 0,
        output_tokens INTEGER NOT NULL,
        micro_usd INTEGER,
        input_micro_usd INTEGER,
        succeeded INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        estimated INTEGER NOT NULL DEFAULT 0,
        settled_ms INTEGER,
        -- What it adds to counter, as a JSON object.
        counted TEXT NOT NULL DEFAULT '{}'
      ) STRICT;
      INSERT INTO admission (id, state, day, provider, model, tenant, admitted_ms, expires_ms, requests,
        input_tokens, output_tokens, micro_usd, input_micro_usd)
      SELECT id, state, day, provider, model, tenant, admitted_ms, expires_ms, requests, input_tokens,
        output_tokens, micro_usd, input_micro_usd
      FROM hold WHERE state <> 'settled' ORDER BY admitted_ms;

      -- Calls that were added to usage within their first minute, for the caps that count one.
      CREATE TABLE recent_use (
        admitted_ms INTEGER NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        tenant TEXT NOT NULL,
        requests INTEGER NOT NULL,
        tokens INTEGER NOT NULL,
        PRIMARY KEY (admitted_ms, provider, model, tenant)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO recent_use
      SELECT admitted_ms, provider, model, tenant, sum(requests), sum(input_tokens + output_tokens)
      FROM hold WHERE state = 'settled' GROUP BY admitted_ms, provider, model, tenant;

      DROP TABLE hold;
      -- What is held is summed from the open admissions.
      ALTER TABLE usage DROP COLUMN held_requests;
      ALTER TABLE usage DROP COLUMN held_tokens;
      ALTER TABLE usage DROP COLUMN held_micro_usd;
    `,
  },
  {
    version: 6,
    sql: `
      -- A window of the version before would add calls up without their tokens. It reads this table before it writes.
      ALTER TABLE high_water_mark RENAME TO clock_mark;

      -- What a token has besides its grant, as a JSON object: name, tool, caps, models, expiry.
      ALTER TABLE gateway_token ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

      -- With which token of the gateway, and by which program, the call was made.
      ALTER TABLE admission ADD COLUMN token TEXT;
      ALTER TABLE admission ADD COLUMN caller TEXT;

      -- Usage by token and by caller, for the same days as usage.
      CREATE TABLE part_usage (
        day TEXT NOT NULL,
        part TEXT NOT NULL CHECK (part IN ('token', 'caller')),
        name TEXT NOT NULL,
        requests INTEGER NOT NULL DEFAULT 0,
        input_tokens INTEGER NOT NULL DEFAULT 0,
        output_tokens INTEGER NOT NULL DEFAULT 0,
        cost_micro_usd INTEGER NOT NULL DEFAULT 0,
        unknown_cost INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (day, part, name)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 7,
    sql: `
      -- A window of the version before admits any number of short calls. It reads this table before it writes.
      ALTER TABLE clock_mark RENAME TO time_mark;
      -- How often the time went back, after a clock that had been ahead.
      ALTER TABLE time_mark ADD COLUMN returns INTEGER NOT NULL DEFAULT 0;

      -- Whether a call holds less output than it declared.
      ALTER TABLE admission ADD COLUMN short INTEGER NOT NULL DEFAULT 0;
    `,
  },
  {
    version: 8,
    sql: `
      -- A window of the version before would count nothing for caps of sessions. It reads this table before it writes.
      ALTER TABLE time_mark RENAME TO latest_time;

      -- The session of a tool, if a cap counts it.
      ALTER TABLE admission ADD COLUMN session TEXT;

      -- What each session has used. id: the beginning of a keyed hash.
      CREATE TABLE session_use (
        id TEXT NOT NULL PRIMARY KEY,
        last_ms INTEGER NOT NULL,
        tokens INTEGER NOT NULL,
        cost_micro_usd INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
