import type { ValueKind } from '../valueKind.js';

/** An argument or flag, as far as completion needs it. */
export interface ValueShape {
  options?: readonly string[] | undefined;
  description?: string | undefined;
  helpValue?: string | readonly string[] | undefined;
  multiple?: boolean | undefined;
  hidden?: boolean | undefined;
  /** `text` for what only the user can know: nothing is suggested, no files either. */
  valueKind?: ValueKind | 'text' | undefined;
  /** Whether only an id is accepted, and no `syn://` path. */
  needsId?: boolean | undefined;
}

export interface FlagShape extends ValueShape {
  type: 'boolean' | 'option';
  char?: string | undefined;
  aliases?: readonly string[] | undefined;
  charAliases?: readonly string[] | undefined;
  allowNo?: boolean | undefined;
  summary?: string | undefined;
  helpGroup?: string | undefined;
}

export type FlagShapes = Readonly<Record<string, FlagShape>>;

/** `dist/cli/commands/<id>.json`, which the build writes. */
export interface CommandShape {
  id: string;
  args: Readonly<Record<string, ValueShape>>;
  flags: FlagShapes;
}

interface CommandEntry {
  summary?: string | undefined;
  aliases?: readonly string[] | undefined;
  hiddenAliases?: readonly string[] | undefined;
  hidden?: boolean | undefined;
}

/** `dist/cli/index.json`, which the build writes. */
export interface CommandIndex {
  commands: Readonly<Record<string, CommandEntry>>;
  topics: Readonly<Record<string, string>>;
  globalFlags: FlagShapes;
}
