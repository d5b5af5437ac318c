/** Bits of a cell in `CsvBatch.cells`. */
export const cellFlags = {
  /** The cell is in quotes: without characters it is the empty text, not null. */
  quoted: 1,
  /** The cell contains doubled quotes or escape characters. */
  escaped: 2,
  /** The cell contains characters beyond ASCII. */
  wide: 4,
} as const;

/** Number of bits that the flags of a cell take. */
export const flagBits = 3;
