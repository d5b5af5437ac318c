import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Flags, Parser, type Command } from '@oclif/core';
import { longFlag } from '../../src/cli/checkFlags.js';
import { pythonFlags } from '../../src/cli/pythonFlags.js';
import { pythonSpelling } from '../../src/cli/pythonSpelling.js';
import { readCommandLine } from '../../src/cli/readCommandLine.js';
import { flagsOf, flatCommands } from './pythonCommands.js';

type Value = string | true | string[];

/** A command line, and what argparse reads in it with the parser of the Python client: only what is given. */
interface ReadLine {
  argv: string[];
  command: string;
  flags: Record<string, Value>;
  args: string[];
}

/** A command line that argparse refuses, and the flags that a word of it can be. */
interface AmbiguousLine {
  argv: string[];
  ambiguous: string[];
  /** Whether these are spellings of one flag. */
  sameFlag: boolean;
}

const fixture = join(import.meta.dirname, '../fixtures/argparse.json');
const lines = JSON.parse(readFileSync(fixture, 'utf8')) as (ReadLine | AmbiguousLine)[];
const readLines = lines.filter((line): line is ReadLine => 'command' in line);
const ambiguousLines = lines.filter((line): line is AmbiguousLine => 'ambiguous' in line);

let commands: ReadonlyMap<string, Command.Class>;
beforeAll(async () => {
  commands = await flatCommands();
});

function commandOf(name: string): Command.Class {
  const command = commands.get(name);
  if (command === undefined) throw new Error(`There is no command ${name}`);
  return command;
}

/** The name that we have for a flag of the Python client. */
function ourName(name: string, flags: Command.Class['flags']): string {
  const flag = longFlag(name, flags) ?? Object.values(flags).find(({ char }) => char === name);
  const found = Object.keys(flags).find((each) => flags[each] === flag);
  if (found === undefined) throw new Error(`There is no flag --${name}`);
  return found;
}

/** Our reading of a line. Whether its values are allowed does not matter here. */
async function read(argv: readonly string[]): Promise<Omit<ReadLine, 'argv'>> {
  const shared = Object.entries(commandOf('list').baseFlags);
  const line = readCommandLine(argv, {
    commands: [...commands.keys()],
    topics: [],
    globalFlags: new Map(
      shared.flatMap(([name, { aliases = [], type }]) =>
        [name, ...aliases].map((each) => [each, type === 'option'] as const),
      ),
    ),
  });
  if (line.kind !== 'run') throw new Error(`It asks for the ${line.kind}`);
  const flags = flagsOf(commandOf(line.id));
  const words = pythonSpelling(line.argv, flags, pythonFlags(commandOf(line.id).id));
  const { raw } = await Parser.parse(words, { flags: anyValue(flags), args: {}, strict: false });
  const result: Omit<ReadLine, 'argv'> = { command: line.id, flags: {}, args: [] };
  for (const token of raw) {
    if (token.type === 'arg') {
      result.args.push(token.input);
      continue;
    }
    const { type, multiple = false } = flags[token.flag] as { type: string; multiple?: boolean };
    const before = result.flags[token.flag];
    const more = [Array.isArray(before) ? before : [], token.input].flat();
    result.flags[token.flag] = type === 'boolean' ? true : multiple ? more : token.input;
  }
  return result;
}

/** The same flags, without conditions on their values. */
function anyValue(flags: Command.Class['flags']): Command.Class['flags'] {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]): [string, typeof flag] => {
      const { type, char, aliases } = flag;
      const spelling = { ...(char && { char }), ...(aliases && { aliases }) };
      return flag.type === 'option' && flag.multiple === true
        ? [name, Flags.string({ ...spelling, multiple: true })]
        : [name, type === 'boolean' ? Flags.boolean(spelling) : Flags.string(spelling)];
    }),
  );
}

/** Values that stand for what is so anyway. */
const withoutEffect: Readonly<Record<string, Value>> = {
  'download-location': './',
  'file-version-strategy': 'new',
  manifest: 'all',
  multiThreaded: true,
  output: 'shell',
  type: 'File',
  retries: '4',
  'set-provenance': 'traceback',
};

function given(flags: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(flags).filter(([name, value]) => withoutEffect[name] !== value),
  );
}

/** Several lists for one flag: argparse takes the last, we take all. */
function hasSeveralLists({ argv, flags }: ReadLine): boolean {
  return Object.entries(flags).some(
    ([name, value]) =>
      Array.isArray(value) &&
      argv.filter((word) => word.length > 3 && `--${name}`.startsWith(word.split('=')[0] ?? ''))
        .length > 1,
  );
}

describe('a command line that argparse reads has the same flags and arguments here', () => {
  const cases = readLines.filter((line) => !hasSeveralLists(line)).map(named);
  test.each(cases)('$name', async ({ line }) => {
    const ours = await read(line.argv);
    const flags = flagsOf(commandOf(line.command));
    const theirs = Object.entries(line.flags).map(([name, value]): [string, Value] => [
      ourName(name, flags),
      value,
    ]);
    for (const [name, value] of theirs) {
      // Some flags take several values here.
      const own = ours.flags[name];
      const last = Array.isArray(own) ? own.at(-1) : undefined;
      if (typeof value === 'string' && last !== undefined) ours.flags[name] = last;
    }
    expect({ ...ours, flags: given(ours.flags) }).toEqual({
      command: line.command,
      flags: given(Object.fromEntries(theirs)),
      args: line.args,
    });
  });
});

describe('an abbreviation that argparse refuses', () => {
  test.each(ambiguousLines.map(named))('$name', async ({ line }) => {
    // Spellings of one flag are not ambiguous here, as in later releases of Python.
    if (line.sameFlag) await expect(read(line.argv)).resolves.toBeDefined();
    else await expect(read(line.argv)).rejects.toThrow('is ambiguous');
  });
});

function named<T extends { argv: string[] }>(line: T): { name: string; line: T } {
  return { name: line.argv.join(' '), line };
}
