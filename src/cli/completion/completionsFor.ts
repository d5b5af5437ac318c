import { apiArguments, apiFlags } from './apiCompletions.js';
import { nothing, type Candidate, type Completions } from './candidate.js';
import { commandNames } from './commandNames.js';
import type { FlagShapes } from './commandShape.js';
import type { CompletionSources } from './completionSources.js';
import { flagNames } from './flagNames.js';
import { argumentAt, flagIn, readTyped, type TypedLine } from './typedLine.js';
import { valuesOf } from './valuesOf.js';

/**
 * What can be at the cursor.
 *
 * @param words - The words after the name of the program, without quotes. The last is the word at the cursor, up to the cursor.
 */
export async function completionsFor(
  words: readonly string[],
  sources: CompletionSources,
): Promise<Completions> {
  const word = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const more = before.includes('api') ? await apiFlags(before, sources) : undefined;
  const line = readTyped(before, {
    ...sources,
    moreFlags: ({ id }) => (id === 'api' ? more : undefined),
  });
  const isFlag = !line.isEnded && word.startsWith('-');
  if (line.pending !== undefined && !(isFlag && line.isRepeated)) {
    return valuesOf(line.pending, word, sources);
  }
  if (isFlag) return flagOrItsValue(word, line, sources);
  if (line.command === undefined)
    return { candidates: commandNames(line, word, sources.index), files: 'none' };
  const values = await argumentValues(line, word, sources);
  // The word can be an argument of `manifest`, or the end of `manifest merge`.
  const names = line.args.length === 0 ? commandNames(line, word, sources.index) : [];
  return { ...values, candidates: [...names, ...values.candidates] };
}

async function argumentValues(
  line: TypedLine,
  word: string,
  sources: CompletionSources,
): Promise<Completions> {
  const { command, args, flags, given, isEnded } = line;
  if (command === undefined) return nothing;
  if (command.id === 'api') {
    const values = await apiArguments(args, word, sources);
    if (values !== undefined) return values;
  } else {
    const argument = argumentAt(command, args.length);
    if (argument !== undefined) return valuesOf(argument, word, sources);
  }
  // No argument can follow: what is left are flags.
  return word === '' && !isEnded ? flagList(flagNames('--', flags, given)) : nothing;
}

const flagList = (candidates: readonly Candidate[]): Completions => ({ candidates, files: 'none' });

async function flagOrItsValue(
  word: string,
  { flags, given }: { flags: FlagShapes; given: ReadonlySet<string> },
  sources: CompletionSources,
): Promise<Completions> {
  const { found, value } = flagIn(word, flags);
  if (!word.startsWith('--') || value === undefined) return flagList(flagNames(word, flags, given));
  if (found?.flag.type !== 'option') return nothing;
  const prefix = word.slice(0, word.length - value.length);
  const { candidates, files } = await valuesOf(found.flag, value, sources);
  return {
    files,
    candidates: candidates.map((candidate) => ({
      ...candidate,
      value: prefix + candidate.value,
      ...(candidate.name !== undefined && { name: prefix + candidate.name }),
    })),
  };
}
