// `npm start`: builds what is stale, then trains the digits (scripts/digits.mjs).

import { main } from './build/common.mjs';
import { follow } from './build/follow.mjs';
import { build } from './build.mjs';

await main(async () => {
  await build({ quiet: true });
  return follow('scripts/digits.mjs', process.argv.slice(2));
});
