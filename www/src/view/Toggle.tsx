// A button that is pressed or not.

import type { ComponentChildren } from 'preact';

interface ToggleProps {
  isOn: boolean;
  title: string;
  disabled?: boolean;
  onClick(): void;
  children: ComponentChildren;
}

export function Toggle({ isOn, ...button }: ToggleProps) {
  return <button type="button" class="toggle" aria-pressed={isOn} {...button} />;
}
