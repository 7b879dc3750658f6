// A Chromium and the chromedriver of the same version: found, else installed where that is possible.

import { ask, findOnPath, runLogged, tryLogged } from './command.mjs';
import { CannotGoOn, say } from './program.mjs';

const browserNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The major version in what a browser or its driver prints for `--version`. */
export function readMajorVersion(line) {
  return /\b(\d+)\.\d+\.\d+/.exec(line ?? '')?.[1];
}

/** The paths of a browser and its driver; CHROME and CHROMEDRIVER choose them. */
export async function prepareBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && findOnPath('apt-get')) {
    say('set-up: installing chromium and chromium-driver (about a minute, once)');
    const apt = ['-o', 'DPkg::Lock::Timeout=300'];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await tryLogged('apt-update', 'apt-get', [...apt, 'update'], { env });
    const install = [...apt, 'install', '-y', '--no-install-recommends', 'chromium', 'chromium-driver'];
    await runLogged('chromium', 'apt-get', install, { env, remedy: `${byHand()}` });
    const installed = findBrowser();
    if (installed) return installed;
  }
  throw new CannotGoOn(
    `the browser tests find no Chromium with a chromedriver of the same version: ${byHand()}`,
  );
}

function byHand() {
  return 'install both (Debian: chromium and chromium-driver), or set CHROME and CHROMEDRIVER to their paths';
}

function findBrowser() {
  const driver = process.env.CHROMEDRIVER || findOnPath('chromedriver');
  const wanted = driver && readMajorVersion(ask(driver, ['--version']));
  if (!wanted) return undefined;
  const candidates = process.env.CHROME ? [process.env.CHROME] : browserNames.map((name) => findOnPath(name));
  const browser = candidates.find((path) => path && readMajorVersion(ask(path, ['--version'])) === wanted);
  return browser && { browser, driver };
}
