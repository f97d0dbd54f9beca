import { expect, test } from 'vitest';
import { Gatherer } from '../../lib/gatherer.js';
import { FakeExecution } from './fake-execution.js';

function gather(text: string, maxBytes = Infinity): Gatherer {
  const fake = new FakeExecution();
  const gatherer = new Gatherer(fake, 1, maxBytes);
  gatherer.start();
  fake.write1(text).end(0);
  return gatherer;
}

test('gives all that came', () => {
  const gatherer = gather('some text');
  expect(gatherer.bytes().toString()).toBe('some text');
  expect(gatherer.bytes().toString()).toBe('some text');
  expect(gatherer.truncated).toBe(false);
  expect(gatherer.tail()).toBe('some text');
});

test('is cut at its bound and knows the end all the same', () => {
  const gatherer = gather(`head${'x'.repeat(10_000)}the end`, 4);
  expect(gatherer.bytes().toString()).toBe('head');
  expect(gatherer.truncated).toBe(true);
  expect(gatherer.tail().length).toBe(4096);
  expect(gatherer.tail().endsWith('xthe end')).toBe(true);
});

test('the end of much begins with a whole character', () => {
  expect(gather('€'.repeat(3000)).tail()).toBe('€'.repeat(1365));
});

test('has nothing of a stream whose reader has left', () => {
  const fake = new FakeExecution();
  const gatherer = new Gatherer(fake, 2, Infinity);
  gatherer.start();
  fake.write1('x', 2).leave(2);
  expect(gatherer.bytes().length).toBe(0);
  expect(gatherer.tail()).toBe('');
  expect(gatherer.truncated).toBe(false);
});
