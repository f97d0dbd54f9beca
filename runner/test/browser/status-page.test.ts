import { afterEach, describe, expect } from 'vitest';
import { test } from '../support/runner.js';
import { hasChromium, Page } from './chromium.js';

if (!hasChromium) console.log('skipped: there is no chromium (Debian: apt-get install chromium)');

let page: Page | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

/** The rows of a table as the reader sees them. */
function rows(id: string): Promise<string[]> {
  const expression = `[...document.querySelectorAll('#${id} tbody tr')].map((row) => row.innerText)`;
  return page?.evaluate(expression) as Promise<string[]>;
}

const state = () => page?.evaluate("document.getElementById('state').textContent");
const patience = { timeout: 30_000, interval: 200 };

describe.runIf(hasChromium)('the status page', () => {
  test('shows boxes and running executions live', async ({ runner }) => {
    page = await Page.open(`${runner.url}/`);
    await expect.poll(() => rows('boxes'), patience).toEqual(['No boxes.']);
    const box = await runner.box({ name: 'seen' });
    const execution = await runner.exec(box, 'cat');
    await expect
      .poll(async () => (await rows('boxes'))[0], patience)
      .toMatch(new RegExp(`${box}\\s+seen\\s+running`));
    await expect.poll(async () => (await rows('executions'))[0], patience).toContain(execution);
    await runner.call('DELETE', `/v1/boxes/${box}?force=true`);
    await expect.poll(() => rows('executions'), patience).toEqual(['Nothing runs.']);
    expect(await state()).toBe('Boxes: 0. Running executions: 0.');
  });

  test('tells assistive technology what it is', async ({ runner }) => {
    page = await Page.open(`${runner.url}/status`);
    await expect.poll(state, patience).toContain('Boxes: 0');
    const seen = await page.accessible();
    for (const part of [
      'heading: BoxLite runner',
      'table: Boxes',
      'table: Running executions',
      'columnheader: Status',
    ]) {
      expect(seen).toContain(part);
    }
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    expect(await page.evaluate("document.getElementById('state').getAttribute('role')")).toBe('status');
  });
});

describe.runIf(hasChromium)('with an API key', () => {
  test.override({ settings: { apiKey: 'sesame' } });

  test('the page asks for it and shows nothing before', async ({ runner }) => {
    page = await Page.open(`${runner.url}/`);
    await expect.poll(state, patience).toBe('An API key is needed.');
    const enter = (key: string) =>
      page?.evaluate(
        `document.getElementById('key').value = '${key}'; document.querySelector('#login button').click()`,
      );
    await enter('wrong');
    await expect.poll(state, patience).toBe('This key is not valid.');
    await enter('sesame');
    await expect.poll(state, patience).toBe('Boxes: 0. Running executions: 0.');
    expect(await page.evaluate("document.getElementById('login').hidden")).toBe(true);
    expect(await page.accessible()).not.toContain('textbox: API key');
  });
});
