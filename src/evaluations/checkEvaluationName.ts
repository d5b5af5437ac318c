import { isEntityName } from '../entities/entityName.js';
import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';

/** @throws {@link ArgumentError} for a name that Synapse does not accept: the rules are those of entities. */
export function checkEvaluationName(name: string): void {
  if (isEntityName(name)) return;
  throw new ArgumentError(
    `Synapse does not accept ${quoted(name)} as the name of an evaluation: a name has 1 to 256 letters without accents, digits, spaces, and _ - . , + ' ( ).`,
  );
}
