declare module 'node-gyp-build' {
  /** Loads the addon that fits this platform from a package's folder. */
  export default function load(folder: string): unknown;
}
