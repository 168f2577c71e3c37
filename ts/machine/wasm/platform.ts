// What differs between Node and the browser: where the module's bytes are and how a worker starts. The package's `imports`
// choose one of the two files beside this one; both have this shape.

/** A started worker, the same in a page (`Worker`) and in Node (`worker_threads`). */
export interface PlatformWorker {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  terminate(): void;
}

/** A worker with news of its end, where the platform gives them (Node does; a page finds out by a Web Lock). */
export interface StartedWorker {
  readonly worker: PlatformWorker;
  /** Calls back once with the reason when the worker failed to start, failed in its code, or ended. */
  onEnd(listener: (reason: string) => void): void;
}

/** The bytes, or a response with them, of the module that lies beside the package's code. */
export type ReadDefault = () => Promise<ArrayBuffer | Uint8Array | Response>;
/** Starts the package's own worker file. */
export type StartWorker = () => StartedWorker;
