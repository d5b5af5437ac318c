import { describe, expect, test } from '@jest/globals';
import { onAbort } from '../../src/net/onAbort.js';
import { runChild } from '../transfer/runChild.js';

test('thirty calls and downloads under one signal print no warning', async () => {
  expect(JSON.parse(await runChild('net/children/manyCalls.ts'))).toEqual([]);
});

describe('what waits for a signal', () => {
  test('runs once, in the order in which it came', () => {
    const controller = new AbortController();
    const ran: number[] = [];
    for (const number of [1, 2, 3]) onAbort(controller.signal, () => ran.push(number));
    controller.abort();
    controller.abort();
    expect(ran).toEqual([1, 2, 3]);
  });

  test('does not run after it was called off', () => {
    const controller = new AbortController();
    const ran: number[] = [];
    onAbort(controller.signal, () => ran.push(1))();
    onAbort(controller.signal, () => ran.push(2));
    controller.abort();
    expect(ran).toEqual([2]);
  });

  test('does not run when one before it calls it off', () => {
    const controller = new AbortController();
    const ran: number[] = [];
    const off: (() => void)[] = [];
    onAbort(controller.signal, () => off.forEach((call) => call()));
    off.push(onAbort(controller.signal, () => ran.push(1)));
    controller.abort();
    expect(ran).toEqual([]);
  });

  test('works again after all of it was called off', () => {
    const controller = new AbortController();
    const ran: number[] = [];
    const first = onAbort(controller.signal, () => ran.push(1));
    first();
    const second = onAbort(controller.signal, () => ran.push(2));
    first();
    controller.abort();
    second();
    expect(ran).toEqual([2]);
  });
});
