import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long to wait for what a page does: a machine that is busy takes its time, to start the sandbox above all. */
export const PATIENCE_MS = 120_000;

/** Starts the Chromium that the set-up found (`CHROME`), without a window. */
export function launchBrowser() {
  return chromium.launch({ executablePath: process.env.CHROME ?? '/usr/bin/chromium', args: FLAGS });
}
