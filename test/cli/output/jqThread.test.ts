import { afterEach, describe, expect, test } from '@jest/globals';
import { JqThread } from '../../../src/cli/output/jqThread.js';

const open: JqThread[] = [];
afterEach(() => Promise.all(open.splice(0).map((thread) => thread.close())));

function start(expression: string, options: { signal?: AbortSignal; timeLimit?: number } = {}) {
  const thread = new JqThread({ expression, signal: new AbortController().signal, ...options });
  open.push(thread);
  return thread;
}

const run = async (expression: string, input: string): Promise<string[]> =>
  (await start(expression).run(input)).lines;

describe('jq', () => {
  test.each([
    ['a number that JavaScript cannot hold', '.a', '{"a":9007199254740993}', '9007199254740993'],
    ['the digits of a number', '.', '{"a":1.0,"b":0.1000}', '{"a":1.0,"b":0.1000}'],
    ['a character outside of the basic plane', '.', '"😀 漢\\u0000"', '"😀 漢\\u0000"'],
  ])('keeps %s', async (_what, expression, input, output) => {
    expect(await run(expression, input)).toEqual([output]);
  });

  test('runs for each of several values', async () => {
    expect(await run('.id', '{"id":1}\n{"id":2}')).toEqual(['1', '2']);
    expect(await run('empty', '{"id":1}')).toEqual([]);
  });

  test('runs again and again', async () => {
    const thread = start('.');
    for (const input of ['1', '2', '3'])
      expect(await thread.run(input)).toEqual({ lines: [input], error: undefined });
  });

  test('takes no expression for an option', async () => {
    expect(await run('-1', 'null')).toEqual(['-1']);
    await expect(start('--help').check()).rejects.toThrow('--jq: ');
    await expect(start('-f /etc/passwd').check()).rejects.toThrow('--jq: ');
  });

  test('sees nothing of this machine', async () => {
    expect((await run('env | keys', 'null')).join()).not.toContain('SYNAPSE');
    await expect(start('import "a" as a; .').check()).rejects.toThrow('module not found');
  });

  test.each(['.a |', '.[', '{', '"', 'nonsense', ')', '.; empty'])(
    'refuses what is no expression, as a usage error: %s',
    async (expression) => {
      await expect(start(expression).check()).rejects.toMatchObject({
        message: expect.stringMatching(/^--jq: [^\n]+$/),
      });
    },
  );

  test('checks an expression without running it', async () => {
    await expect(start('def f: f; f, error("x")').check()).resolves.toBeUndefined();
  });

  test('returns what it printed before an error', async () => {
    expect(await start('.[] | .a').run('[{"a":1}, 2]')).toMatchObject({
      lines: ['1'],
      error: { message: expect.stringMatching(/^--jq: Cannot index number/) },
    });
  });

  test('is stopped at a time limit', async () => {
    const thread = start('def f: f; f', { timeLimit: 300 });
    await expect(thread.run('1')).rejects.toThrow('--jq: the expression did not end within 0.3 s.');
    await expect(thread.run('1')).rejects.toThrow('it was stopped before');
  });

  test('is stopped by a signal', async () => {
    const controller = new AbortController();
    const running = start('[repeat(1)]', { signal: controller.signal }).run('1');
    setTimeout(() => controller.abort(new Error('stop')), 200);
    await expect(running).rejects.toThrow('stop');
  });
});
