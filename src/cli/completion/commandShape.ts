import type { ArgData, CommandData, FlagData } from '../commandData.js';
import type { ValueKind } from '../valueKind.js';

/** What the value of an argument or a flag is, as far as completion needs it. */
export interface ValueShape extends Omit<ArgData, 'valueKind'> {
  /** `text` for what only the user can know: nothing is suggested, no files either. */
  valueKind?: ValueKind | 'text';
  /** Whether only an id is accepted, and no `syn://` path. */
  needsId?: boolean;
}

export interface FlagShape extends ValueShape, Omit<FlagData, 'valueKind'> {}

export type FlagShapes = Readonly<Record<string, FlagShape>>;

export type CommandShape = Pick<CommandData, 'id' | 'args' | 'flags'>;
