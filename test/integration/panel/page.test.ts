import assert from 'node:assert/strict';
import { PanelTrial, type PanelOptions, type PanelPage } from '../../support/panel/panel-trial.ts';
import {
  busyReport,
  emptyReport,
  hostile,
  hostileReport,
  initialView,
  withoutCalls,
} from '../../support/panel/reports.ts';
import { themes, type ThemeName } from '../../support/panel/themes.ts';

const week = busyReport({ days: 7 });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const total = sum(week.groups.flatMap(({ requests }) => requests));
/** The last day's requests, by group. */
const last = week.groups.map(({ requests }) => requests.at(-1) ?? 0);
const groupNames = week.groups.map(({ name }) => name ?? 'Other');
const count = (value: number, language = 'en') => value.toLocaleString(language);
const themeNames = Object.keys(themes) as ThemeName[];

describe("the usage panel's page", () => {
  let trial: PanelTrial;
  let panel: PanelPage;

  before(async function () {
    // Downloads a browser if there is none.
    this.timeout(300_000);
    trial = await PanelTrial.start();
  });
  after(() => trial.stop());

  const open = async (options?: PanelOptions) => {
    panel = await trial.open(options);
    return panel;
  };
  afterEach(async () => {
    assert.deepEqual(await panel.policyViolations(), [], 'its content security policy was violated');
    assert.deepEqual(panel.errors, []);
    await panel.close();
  });

  const modelNames = async () => {
    const texts = await panel.page.locator('[aria-labelledby=models-title] tbody th').allTextContents();
    return texts.map((text) => text.trim());
  };
  const press = async (...keys: string[]) => {
    for (const key of keys) await panel.page.keyboard.press(key);
  };

  describe('axe', function () {
    // axe checks everything several times.
    this.timeout(120_000);
    const tables = ['requests', 'duration'];
    for (const theme of themeNames) {
      it(`finds no violation in the theme ${theme}, in any state`, async () => {
        const state = { view: initialView, sort: { column: 'requests', descending: true }, tables };
        await open({ theme, state });
        const found: string[] = [];
        const look = async (shown: string) => {
          found.push(...(await panel.axeViolations()).map((violation) => `${shown}: ${violation}`));
        };
        await panel.page.getByRole('heading', { name: 'Usage', exact: true }).waitFor();
        await look('loading');
        await panel.report(week);
        await panel.page.locator('usage-chart').first().focus();
        await look('busy');
        await panel.send({ kind: 'problem', message: 'The disk is full' });
        await panel.page.setViewportSize({ width: 300, height: 900 });
        await look('broken and narrow');
        await panel.report(withoutCalls());
        await look('without calls');
        await panel.report(emptyReport());
        await look('empty');
        assert.deepEqual(found, []);
      });
    }
  });

  describe('with calls', () => {
    beforeEach(async () => {
      await open();
      await panel.report(week);
    });

    it('asks for the saved view, and shows the state that VS Code keeps', async () => {
      assert.deepEqual(await panel.sent(), [{ kind: 'show', view: initialView }]);
      const view = { range: '90d', stackBy: 'model', provider: 'acme' } as const;
      const state = { view, sort: { column: 'cost', descending: false }, tables: ['cost'] };
      const again = await trial.open({ state });
      await again.report(busyReport({ days: 90, view }));
      assert.deepEqual(await again.sent(), [{ kind: 'show', view }]);
      assert.equal(await again.page.locator('[aria-sort=ascending]').textContent().then(squeezed), 'Cost');
      assert.equal(await again.page.locator('table caption', { hasText: 'Cost' }).count(), 1);
      assert.equal(await again.page.locator('usage-chart').count(), 4);
      await again.close();
    });

    it('starts new if it cannot read the saved state', async () => {
      const again = await trial.open({ state: { view: { range: 'ever' } } });
      assert.deepEqual(await again.sent(), [{ kind: 'show', view: initialView }]);
      await again.close();
    });

    it('makes everything reachable by keyboard', async () => {
      const stops: string[] = [];
      for (;;) {
        await press('Tab');
        const focused = await panel.focused();
        if (focused === 'nothing' || stops.length > 40) break;
        stops.push(focused);
      }
      assert.deepEqual(stops, [
        'combobox Range',
        'combobox Tenant',
        'combobox Provider',
        'combobox Model',
        'combobox Stack by',
        'button 850',
        'button 1.2M',
        'button > $5.02',
        'button 98.4%',
        `button ${count(total)}`,
        'button Show as table: Requests',
        'slider Requests',
        `button ${count(total * 2_350)}`,
        'button Show as table: Tokens',
        'slider Tokens',
        'button $15.85',
        'button Show as table: Cost',
        'slider Cost',
        'button Show as table: Duration',
        'slider Duration',
        'button Show as table: Time to first token',
        'slider Time to first token',
        'Refusals by reason / button 41',
        'Models / button Model',
        'Tools / button 7,000',
      ]);
    });

    it('moves the focus over all numbers of a table with the arrow keys', async () => {
      await panel.page.locator('[aria-labelledby=models-title] tbody button').first().focus();
      const seen: string[] = [];
      for (const key of [
        'ArrowRight',
        'ArrowDown',
        'ArrowLeft',
        'End',
        'Home',
        'PageDown',
        'Control+End',
        'Control+Home',
      ]) {
        await press(key);
        seen.push(await panel.focused());
      }
      assert.deepEqual(
        seen.map((words) => words.replace('Models / button ', '')),
        ['100%', '98.8%', '8,550', '5s', '8,550', '3,050', '1.7s', 'Model'],
      );
      await press('Tab', 'Shift+Tab');
      assert.equal(await panel.focused(), 'Models / button Model', 'the table is one tab stop');
    });

    it('moves over the days of a chart with the arrow keys, and announces each', async () => {
      const chart = panel.page.locator('usage-chart').first();
      await chart.focus();
      const valueText = () => chart.getAttribute('aria-valuetext');
      assert.equal(
        await valueText(),
        [`Sat, Oct 31: ${sum(last)}`, ...groupNames.map((name, at) => `${name} ${last[at]}`)].join(', '),
      );
      await press('ArrowLeft', 'ArrowLeft');
      assert.match((await valueText()) ?? '', /^Thu, Oct 29: /);
      assert.match((await chart.locator('.tip').textContent()) ?? '', /Thu, Oct 29/);
      await press('Home', 'Enter');
      const [day] = week.buckets;
      assert.deepEqual((await panel.sent()).at(-1), {
        kind: 'openCalls',
        filter: { fromMs: day?.fromMs, toMs: day?.toMs },
      });
    });

    it('opens the calls behind a number of a tile, a chart, a refusal and a model', async () => {
      const { page } = panel;
      const opened = async (click: () => Promise<void>) => {
        await click();
        const request = (await panel.sent()).at(-1);
        return request?.kind === 'openCalls' ? request.filter : request;
      };
      const range = { fromMs: week.buckets[0]?.fromMs, toMs: week.buckets.at(-1)?.toMs };
      assert.deepEqual(
        await opened(() => page.getByRole('button', { name: '850', exact: true }).click()),
        week.today,
      );
      assert.deepEqual(await opened(() => page.getByRole('button', { name: '$15.85' }).click()), range);
      assert.deepEqual(
        await opened(() =>
          page.getByRole('gridcell', { name: '17', exact: true }).getByRole('button').click(),
        ),
        {
          ...range,
          outcome: 'refused',
          reason: 'circuit',
        },
      );
      const row = page.locator('[aria-labelledby=models-title] tbody tr', { hasText: 'openai/small' });
      const of = { ...range, provider: 'openai', model: 'small' };
      assert.deepEqual(await opened(() => row.getByRole('button', { name: '7,450' }).click()), of);
      assert.deepEqual(await opened(() => row.getByRole('button', { name: '20' }).click()), {
        ...of,
        outcome: 'failed',
      });
      const chart = page.locator('usage-chart').first();
      const { width = 0, height = 0 } = (await chart.boundingBox()) ?? {};
      const clicked = await opened(() => chart.click({ position: { x: width - 22, y: height / 2 } }));
      assert.deepEqual(clicked, { fromMs: week.buckets.at(-1)?.fromMs, toMs: week.buckets.at(-1)?.toMs });
    });

    it('shows each chart as a table whose numbers open calls too', async () => {
      const { page } = panel;
      const toggle = page.getByRole('button', { name: 'Show as table: Requests' });
      await toggle.click();
      assert.equal(await toggle.getAttribute('aria-pressed'), 'true');
      const table = page.getByRole('grid', { name: 'Requests' });
      const rows = await table.getByRole('row').allInnerTexts();
      assert.equal(rows.length, 8);
      assert.match(rows[0] ?? '', /^When\s+Total\s+anthropic\s+openai/);
      assert.deepEqual(rows[1]?.split(/\t/), ['Sat, Oct 31', String(sum(last)), ...last.map(String)]);
      await table
        .getByRole('button', { name: String(last[0]), exact: true })
        .first()
        .click();
      assert.deepEqual((await panel.sent()).at(-1), {
        kind: 'openCalls',
        filter: { fromMs: week.buckets[6]?.fromMs, toMs: week.buckets[6]?.toMs, provider: 'anthropic' },
      });
      assert.deepEqual(await panel.state(), {
        view: initialView,
        sort: { column: 'requests', descending: true },
        tables: ['requests'],
      });
      await toggle.click();
      assert.equal(await table.count(), 0);
    });

    it('sorts the models by any column in both directions', async () => {
      const models = panel.page.locator('[aria-labelledby=models-title]');
      const head = (name: string) => models.getByRole('columnheader', { name, exact: true });
      assert.equal(await head('Requests').getAttribute('aria-sort'), 'descending');
      await head('Model').getByRole('button').click();
      assert.equal(await head('Requests').getAttribute('aria-sort'), 'none');
      assert.equal(await head('Model').getAttribute('aria-sort'), 'ascending');
      assert.deepEqual((await modelNames()).slice(0, 2), ['anthropic/large', 'anthropic/small']);
      await head('p95').getByRole('button').click();
      assert.deepEqual((await modelNames()).slice(0, 2), ['ollama/large', 'ollama/small']);
      assert.equal((await modelNames()).at(-1), 'sandbox/small', 'unknown values come last');
      await press('Enter');
      assert.equal(await head('p95').getAttribute('aria-sort'), 'ascending');
      assert.equal((await modelNames()).at(-1), 'sandbox/small', 'unknown values come last');
      assert.deepEqual(await panel.state(), {
        view: initialView,
        sort: { column: 'durationP95', descending: false },
        tables: [],
      });
    });

    it('asks for another view by its filters, and ignores a report of the earlier view', async () => {
      const { page } = panel;
      await page.getByRole('combobox', { name: 'Provider' }).focus();
      await press('Enter', 'ArrowDown', 'Enter');
      const view = { ...initialView, provider: 'anthropic' };
      assert.deepEqual((await panel.sent()).at(-1), { kind: 'show', view });
      assert.equal(await page.locator('#panel').getAttribute('aria-busy'), 'true');
      await panel.report({ ...week, tiles: [{ kind: 'requests', value: 111 }] });
      assert.equal(await page.getByRole('button', { name: '111' }).count(), 0);
      await panel.report({ ...week, view, tiles: [{ kind: 'requests', value: 222 }] });
      assert.equal(await page.getByRole('button', { name: '222' }).count(), 1);
      assert.equal(await page.locator('#panel').getAttribute('aria-busy'), 'false');
      assert.equal(await panel.focused(), 'combobox Provider');
      assert.equal(await page.getByRole('status').textContent(), `Last 7 days: ${count(total)} calls`);
    });

    it('updates in place: focus, scroll position, order and tables stay', async () => {
      const { page } = panel;
      await page.getByRole('button', { name: 'Show as table: Cost' }).click();
      await page.getByRole('columnheader', { name: 'Failed' }).getByRole('button').click();
      await page.locator('.models tr', { hasText: 'openai/small' }).getByRole('button').nth(2).focus();
      await page.evaluate('scrollTo(0, 120)');
      const models = week.models.map((row) =>
        row.provider === 'openai' && row.model === 'small' ? { ...row, failed: 5_000 } : row,
      );
      await panel.report({ ...week, models, tiles: [{ kind: 'requests', value: 851 }] });
      assert.equal((await modelNames())[0], 'openai/small', 'the row has moved');
      assert.equal(await panel.focused(), 'Models / button 5,000');
      assert.equal(await page.evaluate('scrollY'), 120);
      assert.equal(await page.getByRole('grid', { name: 'Cost' }).count(), 1);
      assert.equal(await page.getByRole('button', { name: '851' }).count(), 1);
    });

    it('shows a problem, marks the old numbers, and clears both with the next report', async () => {
      const { page } = panel;
      await panel.send({ kind: 'problem', message: 'The ledger is <b>locked</b>' });
      const alert = page.getByRole('alert');
      assert.match((await alert.textContent()) ?? '', /The ledger is <b>locked<\/b>/);
      assert.match((await alert.textContent()) ?? '', /The numbers below are as of 2:00:00\sPM\./);
      assert.equal(await page.locator('.body.old').count(), 1);
      await alert.getByRole('button', { name: 'Show Log' }).click();
      assert.deepEqual((await panel.sent()).at(-1), { kind: 'run', action: 'showLog' });
      await panel.report(week);
      assert.equal(await alert.count(), 0);
      assert.equal(await page.locator('.body.old').count(), 0);
    });

    it('keeps the numbers and shows a problem when it receives an invalid message', async () => {
      for (const [message, why] of [
        [{ ...week, kind: 'report' }, /Unrecognized keys: .*"tiles"/],
        ['hello', /expected object, received string/],
        [{ kind: 'report', report: { ...week, extra: 1 } }, /Unrecognized key: "extra"/],
      ] as const) {
        await panel.send(message);
        const words = (await panel.page.getByRole('alert').textContent()) ?? '';
        assert.match(words, /The usage panel received an invalid message/);
        assert.match(words, why);
        assert.equal(await panel.page.getByRole('button', { name: '850', exact: true }).count(), 1);
        await panel.report(week);
      }
    });

    it('follows the theme', async () => {
      const color = () => panel.page.evaluate('getComputedStyle(document.body).backgroundColor');
      const before = await color();
      await panel.wear('highContrastLight');
      assert.notEqual(await color(), before);
      assert.deepEqual(await panel.axeViolations(), []);
    });
  });

  it('shows the first of many models at once and the others later, keeping position and order', async () => {
    await open();
    const [model] = week.models;
    if (model === undefined) throw new Error('the report is not busy');
    const many = Array.from({ length: 300 }, (_, at) => ({
      ...model,
      model: `m${at}`,
      requests: 1_000 - at,
    }));
    const message = { kind: 'report', report: { ...week, models: many } };
    const rows = "document.querySelectorAll('[aria-labelledby=models-title] tbody tr').length";
    const first = await panel.page.evaluate(`new Promise((done) => {
      addEventListener('message', () => { requestAnimationFrame(() => { done(${rows}); }); }, { once: true });
      postMessage(${JSON.stringify(message)});
    })`);
    assert.ok(Number(first) > 0 && Number(first) < 100, `the first picture has ${String(first)} rows`);
    await panel.page.locator('[aria-labelledby=models-title] tbody button').nth(2).focus();
    await panel.page.getByText('m299', { exact: true }).waitFor();
    const names = await modelNames();
    assert.deepEqual([names.length, names.at(0), names.at(-1)], [300, 'anthropic/m0', 'anthropic/m299']);
    assert.equal(await panel.focused(), 'Models / button 18M');
    await press('Control+End', 'Home');
    assert.equal(await panel.focused(), 'Models / button 701');
    await panel.report({ ...week, models: many.toReversed() });
    assert.equal((await modelNames()).length, 300, 'what was shown is shown');
  });

  it('shows a message that was sent before its program was loaded', async () => {
    const { page } = await open();
    const { promise: mayLoad, resolve: load } = Promise.withResolvers<undefined>();
    await page.route('**/panel.js', async (route) => {
      await mayLoad;
      await route.continue();
    });
    await page.reload({ waitUntil: 'commit' });
    await page.waitForFunction('globalThis.takeEarlyMessages !== undefined');
    await panel.report(week);
    assert.equal(await page.locator('.tiles').count(), 0);
    load(undefined);
    await page.getByRole('button', { name: '850', exact: true }).waitFor();
  });

  it('draws only the last of several reports that come together', async () => {
    const { page } = await open();
    await panel.report(week);
    const reports = [111, 222].map((value) => ({ ...week, tiles: [{ kind: 'requests', value }] }));
    const shown = await page.evaluate(`new Promise((done) => {
      const values = [];
      new MutationObserver(() => {
        const value = document.querySelector('.tile .value').textContent.trim();
        if (values.at(-1) !== value) values.push(value);
        if (value === '222') done(values);
      }).observe(document.querySelector('#panel'), { subtree: true, childList: true, characterData: true });
      for (const report of ${JSON.stringify(reports)}) postMessage({ kind: 'report', report });
    })`);
    assert.deepEqual(shown, ['222']);
  });

  it('offers actions if there is no provider', async () => {
    await open();
    await panel.report(emptyReport());
    await press('Tab', 'Enter', 'Tab', 'Enter');
    assert.deepEqual((await panel.sent()).slice(1), [
      { kind: 'run', action: 'setUpProvider' },
      { kind: 'run', action: 'trySandbox' },
    ]);
  });

  it('shows that there are no calls, and can clear the filters', async () => {
    const view = { ...initialView, tenant: 'research' };
    await open({ state: { view, sort: { column: 'requests', descending: true }, tables: [] } });
    await panel.report(withoutCalls(view));
    await panel.page.getByRole('button', { name: 'Clear Filters' }).click();
    assert.deepEqual((await panel.sent()).at(-1), { kind: 'show', view: initialView });
    await panel.report(withoutCalls());
    assert.equal(await panel.page.getByText('Last 7 days: no calls were made.').count(), 1);
  });

  it('shows names as text, whatever they contain, and runs nothing in them', async () => {
    await open();
    await panel.report(hostileReport());
    for (const chart of ['Requests', 'Cost']) {
      await panel.page.getByRole('button', { name: `Show as table: ${chart}` }).click();
    }
    await panel.page.locator('usage-chart').first().focus();
    const text = await panel.page.locator('#panel').innerText();
    for (const shown of [hostile.html, hostile.markdown, 'safe[U+202E]gnp.exe'])
      assert.ok(text.includes(shown), shown);
    assert.ok(!text.includes('\u202E'), 'nothing turns the order of the text');
    assert.equal(await panel.page.locator('#panel img, #panel a, #panel b').count(), 0);
    assert.equal(await panel.page.title(), 'Callguard Usage');
    const [row] = await panel.page.locator('[aria-labelledby=models-title] tbody tr').all();
    assert.match((await row?.locator('bdi').last().textContent()) ?? '', /نموذج/);
    await row?.getByRole('button').first().click();
    const request = (await panel.sent()).at(-1);
    assert.equal(request?.kind === 'openCalls' && request.filter.provider, hostile.markdown);
  });

  it('does not scroll horizontally when it is narrow', async () => {
    for (const width of [300, 420, 600, 800]) {
      const page = await trial.open({ width });
      await page.report(week);
      await page.page.getByRole('button', { name: 'Show as table: Tokens' }).click();
      const over = await page.page.evaluate('document.scrollingElement.scrollWidth - innerWidth');
      assert.ok(Number(over) <= 0, `${String(over)} px too wide at ${width}`);
      await page.close();
    }
    await open();
  });

  it('uses the display language', async () => {
    await open({ language: 'de' });
    await panel.report(week);
    assert.equal(await panel.page.getByRole('heading', { name: 'Anfragen', exact: true }).count(), 1);
    assert.equal(await panel.page.getByRole('button', { name: count(total, 'de'), exact: true }).count(), 1);
    const spoken = await panel.page.locator('usage-chart').first().getAttribute('aria-valuetext');
    assert.ok(spoken?.startsWith(`Sa., 31. Okt.: ${sum(last)}, anthropic ${last[0]}`), spoken ?? '');
  });

  it('moves nothing if the user prefers reduced motion', async () => {
    const moving = async (reducedMotion: boolean) => {
      const loading = await trial.open({ reducedMotion });
      const bar = `document.querySelector('vscode-progress-bar').shadowRoot`;
      const endless = await loading.page.evaluate(
        `${bar}.getAnimations().filter((one) => one.effect.getTiming().iterations > 1).length`,
      );
      await loading.close();
      return Number(endless) > 0;
    };
    await open();
    assert.deepEqual([await moving(false), await moving(true)], [true, false]);
  });
});

function squeezed(text: string | null): string {
  return (text ?? '').trim();
}
