// The page: opens what its address names and keeps the address up to date.

import { effect } from '@preact/signals';
import { fromServedFiles, listServedFiles, watchServedFiles } from './load/served-files.js';
import { findServer } from './load/server.js';
import { readLocation, writeFragment } from './model/location.js';
import { mountApp } from './page.js';
import { describeThrown } from './thrown.js';

const root = document.getElementById('viewer');
if (!root) throw new Error('the page has no #viewer');

const failures: string[] = [];

const { open, files, server: address, rollout, step } = readLocation(location);
const server =
  address === null
    ? null
    : await findServer(address).catch((thrown) => {
        failures.push(`programs run in this page, as its server names no other: ${describeThrown(thrown)}`);
        return null;
      });
const { app } = await mountApp(root, {
  wholePage: true,
  textUrl: 'text.html',
  ...(server && { server }),
  ...(open !== null && { source: new URL(open, document.baseURI) }),
  ...(rollout !== null && { rollout }),
  ...(step !== null && { step }),
});
effect(() => {
  const { selectedRow } = app;
  const fragment = writeFragment(selectedRow === null ? null : selectedRow + 1, app.step.value + 1);
  if (app.sources.value.length > 0)
    history.replaceState(null, '', `${location.pathname}${location.search}${fragment}`);
});

if (files !== null) {
  const url = new URL(files, document.baseURI);
  try {
    const list = await listServedFiles(url);
    const wanted = rollout === null ? null : { row: rollout - 1, step: (step ?? 1) - 1 };
    app.open(fromServedFiles(list, url), wanted);
    // Something else may be opened later.
    let shown = app.sources.peek();
    const isShown = () => app.sources.peek() === shown;
    watchServedFiles(url, list, {
      onNew: (source) => {
        if (isShown()) shown = app.add(source);
      },
      onChanged: (place, hasGrown) => {
        if (isShown()) app.change(place, hasGrown);
      },
    });
  } catch (thrown) {
    failures.push(`the files could not be listed: ${describeThrown(thrown)}`);
  }
}

if (failures.length > 0) app.failures.value = [...app.failures.peek(), ...failures];

// What was asked for is in the event: until it arrives, the page may have written its own address again.
addEventListener('hashchange', ({ newURL }) => {
  const wanted = readLocation(new URL(newURL));
  if (wanted.rollout !== null) void app.select(wanted.rollout - 1, (wanted.step ?? 1) - 1);
});

// Without a secure origin there is none.
void navigator.serviceWorker?.register('offline.js', { type: 'module' }).catch(() => {});
