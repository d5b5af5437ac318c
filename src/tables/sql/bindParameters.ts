import { ArgumentError } from '../../errors.js';
import { sqlTokens } from '../../values/sqlTokens.js';
import { SqlFragment, type SqlPiece, type SqlValue } from './sqlFragment.js';

/** Implements `sql.bind`. */
export function bindParameters(
  text: string,
  values: Readonly<Record<string, SqlValue>>,
): SqlFragment {
  const pieces: SqlPiece[] = [];
  const unused = new Set(Object.keys(values));
  let from = 0;
  for (const { kind, start, end } of sqlTokens(text)) {
    if (kind !== 'parameter') continue;
    const name = text.slice(start + 1, end);
    if (!Object.hasOwn(values, name)) {
      throw new ArgumentError(
        `The query has the parameter :${name}, but there is no value for it.`,
      );
    }
    pieces.push({ kind: 'code', text: text.slice(from, start) });
    pieces.push({ kind: 'value', value: values[name] });
    unused.delete(name);
    from = end;
  }
  if (unused.size > 0) {
    const names = [...unused].map((name) => `:${name}`).join(', ');
    throw new ArgumentError(`The query has no parameter ${names}, for which there is a value.`);
  }
  return new SqlFragment([...pieces, { kind: 'code', text: text.slice(from) }]);
}
