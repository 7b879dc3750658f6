// The viewer in an element of any page: what `contract.d.ts` promises.

import type * as Contract from './contract.js';
import { mountApp } from './page.js';

export const mountViewer: typeof Contract.mountViewer = async (element, options = {}) => {
  const { open, unmount } = await mountApp(element, options);
  return { open, unmount };
};
