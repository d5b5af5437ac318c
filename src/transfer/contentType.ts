import { lookup } from 'mime-types';
import { splitExtension } from './collision.js';

const fallback = 'application/octet-stream';

/** A compressing suffix is an encoding, not a type: `x.tar.gz` has the type of `x.tar`. */
const encodings = new Set(['.gz', '.Z', '.bz2', '.xz', '.br']);

const shorthands: Readonly<Record<string, string>> = {
  '.svgz': '.svg',
  '.tgz': '.tar',
  '.taz': '.tar',
  '.tz': '.tar',
  '.tbz2': '.tar',
  '.txz': '.tar',
};

/**
 * Where the Python client says something else than the media type registry. The content type is
 * part of what Synapse recognises an interrupted upload by, so both clients must agree.
 */
const types: Readonly<Record<string, string>> = {
  // Research data; the four tables are what the Python client's own list means them to be.
  '.bed': 'text/tab-separated-values',
  '.bed5': 'text/tab-separated-values',
  '.maf': 'text/tab-separated-values',
  '.sam': 'text/tab-separated-values',
  '.vcf': 'text/tab-separated-values',
  '.arrow': 'application/vnd.apache.arrow.file',
  '.cdf': 'application/x-cdf',
  '.embl': 'chemical/x-embl-dl-nucleotide',
  '.fit': 'image/fits',
  '.gen': 'chemical/x-genbank',
  '.gff3': 'text/gff3',
  '.h5': 'application/x-hdf5',
  '.loom': 'application/vnd.loom',
  '.m': 'application/vnd.wolfram.mathematica.package',
  '.nb': 'application/vnd.wolfram.mathematica',
  '.pdb': 'chemical/x-pdb',
  '.sdf': 'chemical/x-mdl-sdfile',
  '.sqlite': 'application/vnd.sqlite3',
  '.sqlite3': 'application/vnd.sqlite3',
  '.zst': 'application/zstd',
  // Source text.
  '.bib': 'text/x-bibtex',
  '.c': 'text/x-csrc',
  '.cc': 'text/x-c++src',
  '.cls': 'text/x-tex',
  '.cpp': 'text/x-c++src',
  '.csh': 'text/x-csh',
  '.cxx': 'text/x-c++src',
  '.diff': 'text/x-diff',
  '.h': 'text/x-chdr',
  '.hh': 'text/x-c++hdr',
  '.hpp': 'text/x-c++hdr',
  '.hs': 'text/x-haskell',
  '.java': 'text/x-java',
  '.o': 'application/x-object',
  '.patch': 'text/x-diff',
  '.pl': 'text/x-perl',
  '.pm': 'text/x-perl',
  '.py': 'text/x-python',
  '.pyc': 'application/x-python-code',
  '.r': 'text/x-r',
  '.rb': 'application/x-ruby',
  '.rst': 'text/prs.fallenstein.rst',
  '.scala': 'text/x-scala',
  '.sh': 'text/x-sh',
  '.sty': 'text/x-tex',
  '.tcl': 'text/x-tcl',
  '.tex': 'text/x-tex',
  '.ts': 'text/vnd.trolltech.linguist',
  // Documents and media.
  '.bat': 'application/x-msdos-program',
  '.docm': 'application/vnd.ms-word.document.macroEnabled.12',
  '.dot': 'text/vnd.graphviz',
  '.flac': 'audio/flac',
  '.key': 'application/pgp-keys',
  '.m4v': 'video/mp4',
  '.mdb': 'application/msaccess',
  '.mpp': 'application/vnd.ms-project',
  '.pem': 'application/pem-certificate-chain',
  '.pptm': 'application/vnd.ms-powerpoint.presentation.macroEnabled.12',
  '.srt': 'text/plain',
  '.wav': 'audio/x-wav',
  '.xlsb': 'application/vnd.ms-excel.sheet.binary.macroEnabled.12',
  '.xlsm': 'application/vnd.ms-excel.sheet.macroEnabled.12',
  '.xsl': 'application/xslt+xml',
};

/** Extensions that the registry lists and the Python client does not know. */
const unknownToPeers = new Set(
  '.bdf .bz .bz2 .conf .def .der .dic .dump .f .f77 .f90 .for .gz .ini .in .ipynb .jsx .less .list .log .lua .map .msg .owl .php .ris .run .s .scss .sub .toml .xsd .xz .yml'.split(
    ' ',
  ),
);

/**
 * Guesses a content type from a file name, as the Python client does.
 * @returns `application/octet-stream` when the name says nothing
 */
export function guessContentType(fileName: string): string {
  let [stem, extension] = splitExtension(fileName);
  const shorthand = shorthands[extension];
  if (shorthand !== undefined) extension = shorthand;
  else if (encodings.has(extension)) [stem, extension] = splitExtension(stem);
  extension = extension.toLowerCase();
  if (extension === '' || unknownToPeers.has(extension)) return fallback;
  return types[extension] ?? (lookup(extension) || fallback);
}
