// The one error class of the package: every message says which operation, what was expected, what was given and what to do.
// It is turned into plain data by us, because a worker's channel keeps only name, message and stack.

/** What kind of fault it is; stable, to be switched on. */
export type ErrorCode =
  | 'shape' // shapes do not fit an operation or layer
  | 'option' // an option is unknown or out of bounds
  | 'data' // NaN in data, labels out of range, rows of different lengths, a wrong dtype
  | 'memory' // the memory limit is reached
  | 'disposed' // an engine, tensor, optimizer or trainer is used after dispose()
  | 'stale' // a tensor is used after its scope closed, or a program after something it names was disposed
  | 'state' // a call that does not fit the state: a second fit while one runs, backward() outside a scope
  | 'compile' // the compiled function depends on something that changes, or reads a value in the middle
  | 'load' // the WebAssembly module cannot be found, compiled or instantiated
  | 'trap' // the machine stopped in a kernel; the engine is dead
  | 'worker' // the worker cannot be started, or ended
  | 'not-finite' // a loss or gradient became NaN or infinite
  | 'file' // a file is no safetensors file, or is for another model or optimizer
  | 'aborted'; // stopped by an AbortSignal before it began

/** Facts beside the message, for programs. */
export interface ErrorDetails {
  /** Where: an option's path (`optimizer.lr`), a layer (`layers[2] dense`), an argument (`x`). */
  readonly path?: string;
  /** What would have been right. */
  readonly expected?: string;
  /** What was given. */
  readonly received?: string;
  readonly cause?: unknown;
}

/** A {@link DownhillError} as plain data, for messages between threads. */
export interface SerializedError {
  readonly name: 'DownhillError';
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly stack?: string;
}

/** Thrown at the public edge for every bad input and every failure that the package can name. */
export class DownhillError extends Error {
  override readonly name = 'DownhillError';
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly expected: string | undefined;
  readonly received: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details.path;
    this.expected = details.expected;
    this.received = details.received;
  }

  /** Plain data that a structured clone keeps. */
  toJSON(): SerializedError {
    return {
      name: 'DownhillError',
      code: this.code,
      message: this.message,
      ...(this.path === undefined ? {} : { path: this.path }),
      ...(this.expected === undefined ? {} : { expected: this.expected }),
      ...(this.received === undefined ? {} : { received: this.received }),
      ...(this.stack === undefined ? {} : { stack: this.stack }),
    };
  }

  /** The error again, on the other side of a message channel. */
  static from(data: SerializedError): DownhillError {
    const { code, message, stack, ...details } = data;
    const error = new DownhillError(code, message, details);
    if (stack !== undefined) error.stack = stack;
    return error;
  }
}

/** How a value is shown in a message: short, with its type where that is the fault. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value.length > 60 ? `"${value.slice(0, 57)}…"` : `"${value}"`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint' || typeof value === 'boolean' || value === null || value === undefined)
    return String(value);
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (Array.isArray(value)) {
    const head = value.slice(0, 6).map(show).join(', ');
    return `[${head}${value.length > 6 ? `, … (${value.length})` : ''}]`;
  }
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
  return value?.constructor?.name ?? 'object';
}
