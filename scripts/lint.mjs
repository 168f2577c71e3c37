// `npm run lint` checks format, lint and the import rule of both languages; `npm run format` (`--write`) repairs what can be
// repaired by a machine.

import { lintChecks, runChecks } from './build/checks.mjs';
import { main, run } from './build/common.mjs';
import { build } from './build.mjs';

await main(async () => {
  if (process.argv.includes('--write')) {
    const biome = run('biome', ['check', '--write', '.']);
    return run('cargo', ['fmt', '--all']) === 0 && biome === 0 ? 0 : 1;
  }
  await build({ wasmOnly: true, quiet: true });
  return runChecks(lintChecks).failed > 0 ? 1 : 0;
});
