// Runs once in Node before the tests: trains the shared run on the reference machine, in this thread, and hands its hash to all tests. Every other
// way to run it (Rust or TypeScript, Node or Chromium, worker or not, installed or not) must come to the same one.

import type { TestProject } from 'vitest/node';
import * as reference from '../../ts/reference.ts';
import { train } from '../package/fixtures/shared/train-shared.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    readonly hash: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  const { hash } = await train(reference, { worker: false });
  project.provide('hash', hash);
}
