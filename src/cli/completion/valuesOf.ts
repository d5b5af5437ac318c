import { nothing, type Completions } from './candidate.js';
import type { ValueShape } from './commandShape.js';
import type { CompletionSources } from './completionSources.js';
import { entityValues } from './entityValues.js';
import { operationNames } from './operationNames.js';
import { isItemId, itemCandidates } from './itemCandidates.js';

type Values = (
  word: string,
  sources: CompletionSources,
  shape: ValueShape,
) => Completions | Promise<Completions>;

const files: Completions = { candidates: [], files: 'files' };

/** What completes the values of a kind. */
const byKind: Readonly<Record<NonNullable<ValueShape['valueKind']>, Values>> = {
  entity: async (word, sources, shape) => {
    const found = await entityValues(word, sources, shape);
    // `diff` and `--used` take a local file or directory as well.
    const isFile = found.candidates.length === 0 && shape.needsId !== true && !/^syn/i.test(word);
    return isFile ? files : found;
  },
  container: (word, sources, shape) =>
    entityValues(word, sources, shape, ({ type }) => type === 'project' || type === 'folder'),
  file: () => files,
  directory: () => ({ candidates: [], files: 'directories' }),
  profile: (word, { profiles }) => listed(profiles(), word),
  operation: async (word, { operations }) => ({
    candidates: operationNames(word, await operations()),
    files: 'none',
  }),
  team: async (word, { list }) => items(await list('teams'), word),
  user: async (word, { list }, { needsId }) => {
    // A search needs a beginning.
    const prefix = word.toLowerCase();
    const found = prefix.length < 2 ? [] : await list(`users-${prefix}`);
    if (needsId === true) return items(found, word);
    return {
      candidates: found
        .filter(({ id }) => isItemId(id))
        .map(({ id, name }) => ({ value: name, description: id })),
      files: 'none',
    };
  },
  evaluation: async (word, { list }) => items(await list('evaluations'), word),
  text: () => nothing,
};

/** The values of an argument or a flag that begin with the word. */
export async function valuesOf(
  shape: ValueShape,
  word: string,
  sources: CompletionSources,
): Promise<Completions> {
  if (shape.options !== undefined) return listed(shape.options, word);
  // As a shell does with programs that it does not know.
  return shape.valueKind === undefined ? files : byKind[shape.valueKind](word, sources, shape);
}

function listed(values: readonly string[], word: string): Completions {
  return {
    candidates: values.filter((value) => value.startsWith(word)).map((value) => ({ value })),
    files: 'none',
  };
}

function items(all: Parameters<typeof itemCandidates>[0], word: string): Completions {
  return { candidates: itemCandidates(all, word), files: 'none' };
}
