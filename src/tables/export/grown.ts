/** What is used of a typed array. */
interface TypedArrayLike<Array> {
  readonly length: number;
  set: (values: Array) => void;
}

/**
 * Makes room in a typed array: returns it when it is long enough, otherwise a copy of at least twice its length.
 *
 * @param create - Creates an array of a length.
 */
export function grown<Array extends TypedArrayLike<Array>>(
  values: Array,
  length: number,
  create: (length: number) => Array,
): Array {
  if (length <= values.length) return values;
  const larger = create(Math.max(length, 2 * values.length));
  larger.set(values);
  return larger;
}

/** Creates an array of bytes, for {@link grown}. */
export function newBytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length);
}

/** Creates an array of offsets, for {@link grown}. */
export function newOffsets(length: number): Int32Array<ArrayBuffer> {
  return new Int32Array(length);
}
