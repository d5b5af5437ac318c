import { badRequest } from '../kernel/serviceError.js';

interface SortItem<Field extends string> {
  readonly field?: Field;
  readonly direction?: 'ASC' | 'DESC';
}

/**
 * Compares records by the fields of a search, first field first, and then by id.
 *
 * @throws 400 for a sort without a field
 */
export function sortOrder<Item extends { readonly id: number | string }, Field extends string>(
  sort: readonly SortItem<Field>[],
  keys: Readonly<Record<Field, (item: Item) => string>>,
): (a: Item, b: Item) => number {
  const steps = sort.map(({ field, direction }) => {
    if (field === undefined) {
      throw badRequest('sort.field is required.');
    }
    return { key: keys[field], sign: direction === 'DESC' ? -1 : 1 };
  });
  return (a, b) => {
    for (const { key, sign } of steps) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) {
        return left < right ? -sign : sign;
      }
    }
    return Number(a.id) - Number(b.id);
  };
}
