// Finds and compiles the WebAssembly module, once per page or process: engines made at once or one after another share it,
// and a failed load is forgotten so that a retry works.

import { readDefault, readFrom } from '#platform';
import { DownhillError } from '../../errors.ts';

/**
 * Where the module comes from: a URL or path, a `Response` (or a promise of one), the bytes, or a compiled
 * `WebAssembly.Module`. Without one the file beside the package's own code is taken.
 */
export type ModuleSource = string | URL | ArrayBuffer | Uint8Array | object;

/** The smallest module with a SIMD instruction: (func (result v128) i32.const 0 i8x16.splat). */
const SIMD_PROBE = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  8,
  1,
  6,
  0,
  65,
  0,
  253,
  15,
  11,
);

/** Why the Rust machine cannot run here, or undefined when it can. */
export function whyNoSimd(): string | undefined {
  if (typeof WebAssembly !== 'object') return 'this host has no WebAssembly';
  if (!WebAssembly.validate(SIMD_PROBE)) return 'this host has WebAssembly without SIMD';
  return undefined;
}

let shared: Promise<WebAssembly.Module> | undefined;

/** @internal The compiled module. Rejects with a `load` error that says what was found where. */
export function loadModule(source?: ModuleSource): Promise<WebAssembly.Module> {
  if (source !== undefined) return compileFrom(source);
  if (shared === undefined) {
    const attempt = compileFrom(undefined);
    shared = attempt;
    attempt.catch(() => {
      if (shared === attempt) shared = undefined;
    });
  }
  return shared;
}

async function compileFrom(given: ModuleSource | undefined): Promise<WebAssembly.Module> {
  try {
    const asked = await (given ?? readDefault());
    const source = typeof asked === 'string' || asked instanceof URL ? await readFrom(asked) : asked;
    if (source instanceof WebAssembly.Module) return source;
    if (isBytes(source)) return await compileBytes(source, source === asked ? 'the given bytes' : String(asked));
    if (typeof Response === 'function' && source instanceof Response) return await compileResponse(source);
    throw new DownhillError('load', 'module must be a URL, a Response, bytes or a WebAssembly.Module', {
      path: 'module',
    });
  } catch (error) {
    if (error instanceof DownhillError) throw error;
    throw new DownhillError('load', `the WebAssembly module could not be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const isBytes = (value: object | string): value is ArrayBuffer | Uint8Array =>
  value instanceof ArrayBuffer || value instanceof Uint8Array;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Streams when the server says what it is; otherwise, and when streaming fails, compiles the bytes, quietly. */
async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  const where = response.url === '' ? 'the given response' : response.url;
  if (!response.ok) throw new DownhillError('load', `the server answered ${response.status} for ${where}`);
  const typed = response.headers.get('content-type')?.startsWith('application/wasm') ?? false;
  if (typed && typeof WebAssembly.compileStreaming === 'function') {
    const spare = response.clone();
    try {
      return await WebAssembly.compileStreaming(response);
    } catch {
      return await compileBytes(await spare.arrayBuffer(), where);
    }
  }
  return await compileBytes(await response.arrayBuffer(), where);
}

async function compileBytes(bytes: ArrayBuffer | Uint8Array, where: string): Promise<WebAssembly.Module> {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  if (view[0] !== 0x00 || view[1] !== 0x61 || view[2] !== 0x73 || view[3] !== 0x6d) {
    const start = String.fromCharCode(...view.subarray(0, 16)).replace(/[^\x20-\x7e]/g, '·');
    throw new DownhillError(
      'load',
      `the answer from ${where} is not WebAssembly but something else (HTML?): it begins "${start}". ` +
        'Check that the file simd.wasm is served at that address, or give createEngine({ module })',
    );
  }
  return await WebAssembly.compile(view as Uint8Array<ArrayBuffer>);
}
