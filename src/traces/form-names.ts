/**
 * How a trace may lie in a file: a format's name and, where it is compressed, the compression's suffix. So the names of such files end,
 * too. Only the words: help lists them without loading what reads and writes them.
 */
export const formNames = ["csv", "csv.gz", "csv.zst", "parquet"] as const
