/** The version of this package; neuromorphic-drivers of the same version fits it. */
export const version: string;

/** A file as it was built. */
export interface NativeFile {
  /** Its length in bytes. */
  readonly size: number;
  /** Its SHA-256 in hexadecimal digits. */
  readonly sha256: string;
}

/** The native libraries of one platform. */
export interface NativePlatform {
  /** The URL of their folder; it ends in `/`. */
  readonly url: string;
  /** The files in the folder by their names. */
  readonly files: Readonly<Record<string, NativeFile>>;
}

/** All platforms by their names, for example `linux-x64` or `linux-arm64-musl`. In a clone there are none. */
export const platforms: Readonly<Record<string, NativePlatform>>;
