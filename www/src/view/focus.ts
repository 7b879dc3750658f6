// Where the keyboard is: it goes into what a key opens, and comes back when that is left.

import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** What had the focus before a field got it by a key. */
const before = new WeakMap<Element, Element>();

/** Gives an element the focus, and remembers what had it. */
export function goTo(element: HTMLElement | null) {
  if (!element) return;
  if (document.activeElement && document.activeElement !== element)
    before.set(element, document.activeElement);
  element.focus();
  if (element instanceof HTMLInputElement) element.select();
}

/** Gives the focus back to what had it before `element`, or else to the list of its viewer. */
export function comeBack(element: HTMLElement) {
  giveBack(before.get(element), element);
}

function giveBack(to: Element | undefined, from: Element) {
  const isThere = to instanceof HTMLElement && to.isConnected && to !== document.body && !from.contains(to);
  const target = isThere ? to : from.closest('.viewer')?.querySelector<HTMLElement>('.list .scroll');
  if (target) target.focus({ preventScroll: true });
  else if (from instanceof HTMLElement) from.blur();
}

/** Has an element that appears take the focus, and give it back when it goes, unless it is elsewhere by then. */
export function useFocus(element: RefObject<HTMLElement | null>) {
  useLayoutEffect(() => {
    const to = document.activeElement ?? undefined;
    const own = element.current;
    own?.focus();
    return () => {
      if (own?.contains(document.activeElement)) giveBack(to, own);
    };
  }, [element]);
}
