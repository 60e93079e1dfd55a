export const peakMegabytes: () => number
