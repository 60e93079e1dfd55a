import type { BuildOptions } from "esbuild"

export declare const reportPage: (root: string) => BuildOptions
