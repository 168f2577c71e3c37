// Owns the thread in which mutants run, and replaces it when a mutant does not end or the thread has held many bundles.

import { Worker } from 'node:worker_threads';

/** Jobs after which a thread is replaced: every bundle that it imported stays in its memory. */
const JOBS = 200;

export class Judge {
  #worker;
  #jobs = 0;
  /** Milliseconds after which the comparison of one kernel counts as endless. */
  limit = 600_000;
  /** The longest that one kernel has taken so far. */
  longest = 0;

  /**
   * Compares the two machines over the kernels; stops at the first failure unless `all`.
   * @param {{ bundle: string, wasm: string, kernels: readonly string[], all?: boolean }} job
   * @returns {Promise<string[]>} what differs, empty when nothing does
   */
  async failures(job) {
    if (job.kernels.length === 0) return [];
    if (this.#jobs++ % JOBS === 0) await this.dispose();
    this.#worker ??= new Worker(new URL('./runner.mjs', import.meta.url));
    const worker = this.#worker;
    return await new Promise((resolve) => {
      const finish = (failures) => {
        clearTimeout(timer);
        for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
        resolve(failures);
      };
      const lose = (reason) => {
        this.#worker = undefined;
        finish([reason]);
        worker.terminate();
      };
      const listeners = {
        message: ({ failures }) => {
          if (failures !== undefined) return finish(failures);
          this.longest = Math.max(this.longest, performance.now() - begin);
          begin = performance.now();
          timer.refresh();
        },
        error: (error) => lose(`the thread ended: ${error.message}`),
        exit: (code) => lose(`the thread ended with code ${code}`),
      };
      let begin = performance.now();
      const timer = setTimeout(() => lose('it does not end'), this.limit);
      for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener);
      worker.postMessage(job);
    });
  }

  async dispose() {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
