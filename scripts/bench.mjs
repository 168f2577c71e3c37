// `npm run bench`: builds what is stale, then runs the same benchmark that users run as `npx downhill bench`.

import { main } from './build/common.mjs';
import { follow } from './build/follow.mjs';
import { build } from './build.mjs';

await main(async () => {
  const args = process.argv.slice(2);
  // With --json the output is one array: what the build has to say goes elsewhere.
  if (args.includes('--json')) console.log = console.error;
  await build({ quiet: true });
  return follow('dist/cli.js', ['bench', ...args]);
});
