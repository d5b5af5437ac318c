import type { Candidate, Completions } from './candidate.js';
import type { FlagShapes } from './commandShape.js';
import type { CompletionSources } from './completionSources.js';
import { kindOfSegment } from './kindOfSegment.js';
import type { OperationShape } from './operationData.js';
import { operationNames } from './operationNames.js';
import { valuesOf } from './valuesOf.js';

/** The parameters of the operation among the words. */
export async function apiFlags(
  words: readonly string[],
  sources: CompletionSources,
): Promise<FlagShapes | undefined> {
  const data = await sources.operations();
  return words.map(data.flags).find((flags) => flags !== undefined);
}

/** The arguments of `synapse api`: an operation, or a method and a path. `undefined` when there are no more. */
export async function apiArguments(
  args: readonly string[],
  word: string,
  sources: CompletionSources,
): Promise<Completions | undefined> {
  const data = await sources.operations();
  const [first] = args;
  if (first === undefined) {
    const methods = data.methods.filter((method) => method.startsWith(word));
    if (word !== '' && methods.length > 0) {
      return listed(methods.map((value) => ({ value, description: 'a path follows' })));
    }
    return listed(operationNames(word, data));
  }
  if (args.length > 1 || !data.methods.includes(first)) return undefined;
  return paths(
    data.all().filter(({ method }) => method === first),
    word,
    sources,
  );
}

const listed = (candidates: readonly Candidate[]): Completions => ({ candidates, files: 'none' });

/** The next segment of the paths that the word can begin. Any text can be in the place of a parameter. */
async function paths(
  operations: readonly OperationShape[],
  word: string,
  sources: CompletionSources,
): Promise<Completions> {
  const typed = word.split('/');
  const last = typed.length - 1;
  const current = typed[last] ?? '';
  const before = word.slice(0, word.length - current.length);
  const possible = operations
    .map(({ path }) => path.split('/'))
    .filter(
      (path) => path.length > last && typed.slice(0, last).every((one, i) => fits(one, path[i])),
    );
  const found = new Map<string, Candidate>();
  for (const path of possible) {
    const segment = path[last] ?? '';
    if (isParameter(segment) || !segment.startsWith(current)) continue;
    const goesOn = path.length > last + 1;
    const value = `${before}${segment}${goesOn ? '/' : ''}`;
    found.set(value, { value, isPartial: goesOn });
  }
  const parameter = possible.find((path) => isParameter(path[last] ?? ''));
  const kind = parameter && kindOfSegment(parameter, last);
  if (kind === undefined) return listed([...found.values()]);
  const { candidates } = await valuesOf({ valueKind: kind, needsId: true }, current, sources);
  const ids = candidates.map(({ value, description }) => ({
    value: before + value,
    description,
    isId: true,
  }));
  return listed([...found.values(), ...ids]);
}

function fits(typed: string, segment = ''): boolean {
  return isParameter(segment) ? typed !== '' : typed === segment;
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}
