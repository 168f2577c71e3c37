// The thread that runs mutants: it imports a bundle of the reference, instantiates a module of the crate, and compares them
// kernel by kernel until one differs. A mutant that never ends is ended with the thread.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';

const modules = new Map();

function moduleAt(path) {
  // The unchanged module is asked for again and again, a mutant's once.
  let module = modules.get(path);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(path));
    if (modules.size < 2) modules.set(path, module);
  }
  return module;
}

async function compare({ bundle, wasm, kernels, all }) {
  const { createReference, createSimd, definitions, firstFailure } = await import(pathToFileURL(bundle).href);
  const failures = [];
  for (const name of kernels) {
    let failure;
    try {
      failure = firstFailure({ simd: createSimd(moduleAt(wasm)), reference: createReference() }, definitions[name]);
    } catch (error) {
      failure = `${name} threw ${error instanceof Error ? error.message : String(error)}`;
    }
    parentPort?.postMessage({ compared: name });
    if (failure !== undefined) failures.push(failure);
    if (failure !== undefined && !all) break;
  }
  return failures;
}

parentPort?.on('message', async (job) => {
  try {
    parentPort?.postMessage({ failures: await compare(job) });
  } catch (error) {
    // The module or the bundle cannot even be loaded: noticed.
    parentPort?.postMessage({ failures: [String(error)] });
  }
});
