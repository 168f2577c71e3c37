// Reads and writes safetensors files: 8 bytes with the length of a JSON header (little endian), the header, then the tensors' bytes
// without a gap. The format is https://huggingface.co/docs/safetensors; what Python writes is read here, and the other way round.

import { DownhillError, show } from '../errors.ts';
import { sizeOf } from '../tensor/shape.ts';

/** Bytes of one element by type name. Types of which this package computes nothing are read and written as bytes. */
const BYTES = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

/** Name of an element type in the format. */
export type StoredType = keyof typeof BYTES;

/** One tensor of a file. */
export interface StoredTensor {
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  /** The elements as bytes, little endian, row-major. */
  readonly data: Uint8Array;
}

/** A file's content. Tensors stand in the order of their bytes. */
export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const METADATA = '__metadata__';
/** The format's own limit: a longer header is an attack or no header. */
const LONGEST_HEADER = 100_000_000;
const CANONICAL_NAN = 0x7fc00000;

const fault = (what: string): DownhillError => new DownhillError('file', `not a valid safetensors file: ${what}`);

/**
 * Reads a file; the tensors' data are views of `bytes`. Throws `file` for anything that is not exactly the format: a
 * header that is missing, cut off or not JSON, an unknown type, offsets that do not fit the shape, overlap, or leave
 * bytes over.
 *
 * @example
 * ```js
 * import { readSafetensors, writeSafetensors } from 'downhill';
 * const data = new Uint8Array(Float32Array.of(1, 2).buffer);
 * const { tensors } = readSafetensors(writeSafetensors([['w', { dtype: 'F32', shape: [2], data }]]));
 * const w = tensors.get('w');
 * console.log(w.shape, new Float32Array(w.data.slice().buffer)); // [ 2 ] Float32Array(2) [ 1, 2 ]
 * ```
 */
export function readSafetensors(bytes: Uint8Array | ArrayBuffer): SafetensorsFile {
  if (!(bytes instanceof Uint8Array) && !(bytes instanceof ArrayBuffer))
    throw fault(`expected a Uint8Array or ArrayBuffer, got ${show(bytes)}`);
  const file = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (file.length < 8) throw fault(`it has ${file.length} bytes, and the length of the header alone takes 8`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 4_294_967_296;
  if (length > LONGEST_HEADER) throw fault(`its header would be ${length} bytes long, more than the format allows`);
  if (length > file.length - 8)
    throw fault(`its header should be ${length} bytes long, and ${file.length - 8} bytes follow`);
  const header = parseHeader(file.subarray(8, 8 + length));
  const body = file.subarray(8 + length);
  const metadata = header.get(METADATA) ?? {};
  header.delete(METADATA);
  return { tensors: parseTensors(header, body), metadata: parseMetadata(metadata) };
}

function parseHeader(bytes: Uint8Array): Map<string, unknown> {
  if (bytes[0] !== 0x7b) throw fault('its header does not begin with {');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw fault(`its header is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  return new Map(Object.entries(header as object));
}

function parseMetadata(metadata: unknown): Record<string, string> {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    throw fault(`${METADATA} must be an object of strings`);
  for (const [name, value] of Object.entries(metadata))
    if (typeof value !== 'string') throw fault(`${METADATA}: ${show(name)} must be a string, got ${show(value)}`);
  return { ...metadata };
}

function parseTensors(header: ReadonlyMap<string, unknown>, body: Uint8Array): Map<string, StoredTensor> {
  const entries = [...header].map(([name, entry]) => ({ name, ...parseEntry(name, entry) }));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  const tensors = new Map<string, StoredTensor>();
  let at = 0;
  for (const { name, dtype, shape, begin, end } of entries) {
    if (begin !== at)
      throw fault(`tensor ${show(name)} begins at byte ${begin} of the data, and the one before it ends at ${at}`);
    if (end > body.length)
      throw fault(
        `tensor ${show(name)} ends at byte ${end} of the data, which is ${body.length} bytes long: the file is cut off`,
      );
    tensors.set(name, { dtype, shape, data: body.subarray(begin, end) });
    at = end;
  }
  if (at !== body.length) throw fault(`${body.length - at} bytes follow the last tensor`);
  return tensors;
}

const isIndex = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function parseEntry(name: string, entry: unknown): { dtype: StoredType; shape: number[]; begin: number; end: number } {
  const wrong = (what: string): DownhillError => fault(`tensor ${show(name)} ${what}`);
  if (typeof entry !== 'object' || entry === null) throw wrong(`must be an object, got ${show(entry)}`);
  const { dtype, shape, data_offsets: offsets } = entry as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== 'string' || !Object.hasOwn(BYTES, dtype)) throw wrong(`has the unknown type ${show(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isIndex)) throw wrong(`has no valid shape: ${show(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isIndex))
    throw wrong(`has no valid data_offsets: ${show(offsets)}`);
  const [begin, end]: number[] = offsets;
  const type = dtype as StoredType;
  const bytes = sizeOf(shape) * BYTES[type];
  if (end - begin !== bytes)
    throw wrong(`of ${type} ${show(shape)} needs ${bytes} bytes, and its offsets are ${begin} to ${end}`);
  return { dtype: type, shape, begin, end };
}

/**
 * Writes a file. Tensors keep their order, except that types with larger elements come first, so that all are aligned.
 * NaNs of F32 are written as the one canonical NaN: the same numbers are the same bytes. Throws `file` for a name twice
 * or data that do not fit a shape.
 *
 * @example
 * ```js
 * import { writeSafetensors } from 'downhill';
 * const data = new Uint8Array(Float32Array.of(1, 2).buffer);
 * const file = writeSafetensors([['w', { dtype: 'F32', shape: [2], data }]], { author: 'me' });
 * console.log(file.length); // 104
 * ```
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = [...tensors].sort(([, a], [, b]) => BYTES[b.dtype] - BYTES[a.dtype]);
  const header: [string, unknown][] = Object.keys(metadata).length === 0 ? [] : [[METADATA, metadata]];
  const names = new Set<string>([METADATA]);
  let total = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    if (names.has(name))
      throw new DownhillError('file', `a safetensors file cannot hold two tensors named ${show(name)}`);
    if (data.byteLength !== sizeOf(shape) * BYTES[dtype])
      throw new DownhillError(
        'file',
        `tensor ${show(name)} of ${dtype} ${show(shape)} cannot have ${data.byteLength} bytes`,
      );
    names.add(name);
    header.push([name, { dtype, shape, data_offsets: [total, total + data.byteLength] }]);
    total += data.byteLength;
  }
  const json = new TextEncoder().encode(jsonOf(header));
  const length = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + length + total);
  new DataView(file.buffer).setUint32(0, length, true);
  file.fill(0x20, 8, 8 + length);
  file.set(json, 8);
  let at = 8 + length;
  for (const [, { dtype, data }] of entries) {
    file.set(data, at);
    if (dtype === 'F32') canonicalise(new Uint32Array(file.buffer, at, data.byteLength / 4));
    at += data.byteLength;
  }
  return file;
}

/** An object in the order of its entries; JSON.stringify of an object would put names like `0` first. */
const jsonOf = (entries: readonly (readonly [string, unknown])[]): string =>
  `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;

function canonicalise(words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) if ((words[i] & 0x7fffffff) > 0x7f800000) words[i] = CANONICAL_NAN;
}
