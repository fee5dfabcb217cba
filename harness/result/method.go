package result

// Method names the way of measuring; rows of a calibration count for the
// method that made them.
const Method = "m4"
