// `npm run typecheck`: the types of sources, tests and scripts. The kernels' types come from the crate, so it is built first.

import { runChecks, typeChecks } from './build/checks.mjs';
import { main } from './build/common.mjs';
import { build } from './build.mjs';

await main(async () => {
  await build({ wasmOnly: true, quiet: true });
  return runChecks(typeChecks).failed > 0 ? 1 : 0;
});
