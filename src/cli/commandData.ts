import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValueKind } from './valueKind.js';

/**
 * The names of all commands, and the definition of each, as JSON files that the build writes. Help and completion read them
 * instead of the commands.
 */
export interface CommandIndex {
  /** The version of the package. */
  version: string;
  description: string;
  /** By id: words are separated by colons. */
  commands: Readonly<Record<string, CommandEntry>>;
  /** The descriptions of topics by their first word. */
  topics: Readonly<Record<string, string>>;
  /** The flags that all commands share, with their aliases, and whether each takes a value. */
  globalFlags: Readonly<Record<string, boolean>>;
}

export interface CommandEntry {
  summary: string;
  hidden?: boolean;
  aliases: readonly string[];
  hiddenAliases: readonly string[];
}

export interface CommandData {
  id: string;
  summary: string;
  description?: string;
  examples: readonly string[];
  args: Readonly<Record<string, ArgData>>;
  flags: Readonly<Record<string, FlagData>>;
}

interface ValueData {
  description?: string;
  required?: boolean;
  multiple?: boolean;
  hidden?: boolean;
  options?: readonly string[];
  /** As help shows it. */
  default?: string;
  valueKind?: ValueKind;
}

export type ArgData = ValueData;

export interface FlagData extends ValueData {
  type: 'boolean' | 'option';
  char?: string;
  aliases?: readonly string[];
  allowNo?: boolean;
  helpValue?: string;
  helpGroup?: string;
  env?: string;
}

/** The directory of the built command line. @param root - The directory of the executable. */
export function commandDirectory(root: string): string {
  return join(root, '../dist/cli');
}

export function readCommandIndex(root: string): CommandIndex {
  return readJson(join(commandDirectory(root), 'index.json')) as CommandIndex;
}

/** @param id - A command of the index. */
export function readCommandData(root: string, id: string): CommandData {
  const file = `${id.replaceAll(':', '/')}.json`;
  return readJson(join(commandDirectory(root), 'commands', file)) as CommandData;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
