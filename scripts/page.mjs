// `npm run page`: builds what the rollout viewer needs and serves it until it is interrupted.

import { build } from './build.mjs';
import { servePage } from './page/serve.mjs';
import { CannotGoOn, runAsProgram } from './setup/program.mjs';
import { setUpBuild } from './setup.mjs';

const usualPort = 8137;

runAsProgram(import.meta.url, async () => {
  const wanted = readPort(process.env.PORT);
  await build(await setUpBuild());
  const { url } = await listen(wanted);
  process.stdout.write(`${url}\n`);
});

function readPort(text) {
  if (!text) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port;
  throw new CannotGoOn(`PORT is '${text}': expected a number from 0 to 65535`);
}

async function listen(wanted) {
  try {
    return await servePage({ port: wanted ?? usualPort });
  } catch (error) {
    if (error.code === 'EADDRINUSE' && wanted === undefined) return servePage({ port: 0 });
    throw new CannotGoOn(`cannot listen on port ${wanted ?? usualPort}: ${error.message}`);
  }
}
