// What differs between Node and the browser: where the module's bytes are and how a worker starts. The package's `imports`
// choose one of the two files beside this one; both have this shape.

/** The bytes, or a response with them, of the module that lies beside the package's code. */
export type ReadDefault = () => Promise<ArrayBuffer | Uint8Array | Response>;
/** The same for an address that the user gives: a URL, in Node also a path or a `file:` URL. */
export type ReadFrom = (source: string | URL) => Promise<ArrayBuffer | Uint8Array | Response>;
/** Starts the package's own worker file: a `Worker` in a page, a `worker_threads.Worker` in Node. */
export type StartWorker = () => object;
