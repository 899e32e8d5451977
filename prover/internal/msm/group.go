package msm

// blockEntries are taken through all rounds together, at least, if there are as many.
const blockEntries = 8192

// group is what is left of a group of points.
type group struct{ number, size uint32 }
