/** What to show: files, the address of a file, several of these, or the text of a log. */
export type ViewerSource = string | URL | Blob | readonly (URL | Blob)[];

export interface MountOptions {
  /** What to open at once. A string is the text of a log. Default: the viewer asks for files. */
  source?: ViewerSource;
  /** The rollout to open first, from 1. Default 1. */
  rollout?: number;
  /** The step in it, from 1. Default 1. */
  step?: number;
  /** Where the files of `fencerun-sandbox` are. Default `sandbox/`, beside the page. */
  sandboxUrl?: string;
  /** The address of a SandboxFusion server that programs run at. Default: the sandbox of the page. A person may choose another. */
  url?: string;
  /** Whether settings are remembered. Default `true`. */
  remember?: boolean;
  /** The name of the browser's database that annotations are kept in. Default `fencerun-viewer`. */
  storeName?: string;
  /** Whether keys of the whole page are heard, or only those in the element. Default `false`. */
  wholePage?: boolean;
}

export interface MountedViewer {
  /** Opens something else. */
  open(source: ViewerSource): void;
  /** Takes the viewer out of the page and stops what it runs. May be called more than once. */
  unmount(): void;
}

/**
 * Puts the rollout viewer into an element and resolves when it is there. It is as wide and as high as the element, and at least 320
 * pixels high. The page brings the styles, `fencerun/viewer.css`; the worker and the WebAssembly are files beside this module.
 *
 * @throws {Error} rejects, and says so in the element, when those files cannot be loaded.
 */
export function mountViewer(element: HTMLElement, options?: MountOptions): Promise<MountedViewer>;
