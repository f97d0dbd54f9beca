import { expect } from 'vitest';
import { bytesOf, test } from './fault.js';

// H5: an engine may have replaced bytes already; a character that it cut must not be replaced a second time.
const euro = 'stdout "\\xe2\\x82"; stdout "\\xac"';

test('a character that two chunks share is one in run()', async ({ box }) => {
  expect((await box.run(`${euro}; end 0`)).stdout).toBe('€');
});

test('a character that two chunks share is one in lines()', async ({ box }) => {
  const lines: string[] = [];
  for await (const line of (await box.exec(`${euro}; stdout "\\n"; ${euro}; end 0`)).lines())
    lines.push(line);
  expect(lines).toEqual(['€', '€']);
});

test('a character that two chunks share is one with setEncoding', async ({ box }) => {
  const execution = await box.exec(`${euro}; end 0`);
  execution.stdout.setEncoding('utf8');
  let text = '';
  for await (const chunk of execution.stdout) text += chunk as string;
  expect(text).toBe('€');
});

test('bytes are passed on as the engine gives them', async ({ box }) => {
  const execution = await box.exec('stdout "\\xff\\x00\\xef\\xbf\\xbd"; stdout ""; end 0');
  expect(await bytesOf(execution.stdout)).toEqual(Buffer.from([0xff, 0, 0xef, 0xbf, 0xbd]));
});

test('half a character at the end comes before exit', async ({ box }) => {
  const execution = await box.exec('stdout "a\\xe2"; end 0');
  const told: string[] = [];
  execution.on('exit', () => told.push('exit'));
  for await (const line of execution.lines()) told.push(line);
  await execution.wait();
  expect(told).toEqual(['a\ufffd', 'exit']);
});
